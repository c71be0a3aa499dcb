// Numbers, axes and tooltips: what all figures of the report share.

const log = Math.log10;

// ---- numbers, as Numbers.java writes them ------------------------------------------------

const strip = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

function count(value) {
  if (!(value > 0) || !isFinite(value)) return String(value);
  const rounded = Number(value.toPrecision(3));
  const thousands = Math.max(0, Math.min(4, Math.floor(log(rounded) / 3 + 1e-12)));
  const scaled = rounded / 10 ** (3 * thousands);
  const text = scaled < 1 || scaled >= 1000 ? String(scaled) : strip(scaled.toPrecision(3));
  return text + ["", "k", "M", "B", "T"][thousands];
}

function flops(value) {
  const [mantissa, exponent] = value.toExponential(2).split("e");
  return strip(mantissa) + "e" + Number(exponent);
}

const nats = (value) => value.toFixed(4) + " nats per token";

// ---- axes ---------------------------------------------------------------------------------
// Logarithmic axes are linear axes of log10 values: ECharts' own would tick whole decades only,
// and a budget's sizes often span barely one.

const digits = [[1, 1.5, 2, 3, 4, 5, 7], [1, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]];
const oneTwoFive = 2;

function ticksAt(low, high, steps) {
  const ticks = [];
  for (let decade = Math.floor(low); decade <= high; decade++) {
    ticks.push(...steps.map((digit) => decade + log(digit)).filter((at) => at >= low && at <= high));
  }
  return ticks;
}

// Prefers 1, 2, 5 to anything denser, unless that leaves the axis all but bare.
function logTicks(low, high, most) {
  let ticks = ticksAt(low, high, digits[oneTwoFive]);
  for (let i = ticks.length < 4 ? 0 : oneTwoFive; i < digits.length; i++) {
    ticks = ticksAt(low, high, digits[i]);
    if (ticks.length <= most) return ticks;
  }
  const every = Math.ceil(ticks.length / most);
  return ticks.filter((at) => Math.round(at) % every === 0);
}

function linearTicks(low, high, most) {
  const decade = 10 ** Math.floor(log((high - low) / most));
  const step = [1, 2, 5, 10].map((digit) => digit * decade).find((s) => (high - low) / s <= most);
  const ticks = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) ticks.push(i * step);
  return { ticks, decimals: Math.max(0, -Math.floor(log(step) + 1e-9)) };
}

function range(values, margin, least = 0.05) {
  const known = values.filter((v) => typeof v === "number" && isFinite(v));
  const low = known.reduce((a, b) => Math.min(a, b));
  const high = known.reduce((a, b) => Math.max(a, b));
  const pad = Math.max((high - low) * margin, least);
  return [low - pad, high + pad];
}

function css(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function axis(extra) {
  return Object.assign(
    {
      type: "value",
      nameTextStyle: { color: css("--soft"), fontSize: 13 },
      axisLine: { show: true, onZero: false, lineStyle: { color: css("--line") } },
      axisTick: { show: true, lineStyle: { color: css("--line") } },
      axisLabel: { color: css("--soft"), fontSize: 12, hideOverlap: true },
      splitLine: { lineStyle: { color: css("--grid") } },
    },
    extra,
  );
}

function ticked(name, [low, high], ticks, formatter, extra) {
  const made = axis(Object.assign({ name, min: low, max: high }, extra));
  made.axisTick = Object.assign({ customValues: ticks }, made.axisTick);
  made.axisLabel = Object.assign({ customValues: ticks, formatter }, made.axisLabel);
  return made;
}

function logAxis(name, [low, high], most, label, extra) {
  return ticked(name, [low, high], logTicks(low, high, most), (at) => label(10 ** at), extra);
}

function lossAxis(name, losses) {
  const [low, high] = range(losses, 0.06, 0.001);
  const { ticks, decimals } = linearTicks(low, high, 8);
  return ticked(name, [low, high], ticks, (at) => at.toFixed(decimals), above(-46));
}

const below = { nameLocation: "middle", nameGap: 32 };

// The name of a vertical axis lies above it, where it needs no turned head.
function above(align) {
  return {
    nameLocation: "end",
    nameGap: 14,
    nameTextStyle: { color: css("--soft"), fontSize: 13, align: "left", padding: [0, 0, 0, align] },
  };
}

// ---- tooltips: built as elements, so that no name in the data can become markup --------------

function tip(title, lines) {
  const box = document.createElement("div");
  box.className = "tip";
  const head = document.createElement("b");
  head.textContent = title;
  box.append(head);
  for (const line of lines) {
    const row = document.createElement("div");
    row.textContent = line;
    box.append(row);
  }
  return box;
}

function base() {
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 54, right: 18, top: 38, bottom: 52, outerBoundsMode: "none" },
    legend: { show: false },
    tooltip: {
      trigger: "item",
      confine: true,
      backgroundColor: css("--ground"),
      borderColor: css("--line"),
      textStyle: { color: css("--ink"), fontSize: 13 },
      formatter: (at) => (at.data && at.data.tip ? tip(...at.data.tip) : ""),
    },
  };
}
