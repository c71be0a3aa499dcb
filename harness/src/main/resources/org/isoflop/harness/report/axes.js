// The data, the numbers, axes and tooltips: what all figures of a page share.

// JSON has no infinity, so an open end of an interval is a word there.
const ends = { Infinity: Infinity, "-Infinity": -Infinity };
const data = JSON.parse(document.getElementById("report-data").textContent, (key, value) =>
  (key === "0" || key === "1") && Object.hasOwn(ends, value) ? ends[value] : value,
);

// What the reader has hidden, and which of several views is shown.
const hidden = new Set();
const chosen = {};

// The figures of the page; option is a function of the width there is, and gives what ECharts draws.
const figures = [];
const figure = (id, option, renderer = "svg") => figures.push({ id, option, renderer });

const log = Math.log10;

// ---- numbers, as Quantities.java and Numbers.java write them --------------------------------

const minus = (text) => text.replace("-", "\u2212");
const strip = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

function count(value) {
  if (!(value > 0) || !isFinite(value)) return String(value);
  const rounded = Number(value.toPrecision(3));
  if (rounded >= 1e15) return flops(value);
  const thousands = Math.max(0, Math.floor(log(rounded) / 3 + 1e-12));
  const scaled = rounded / 10 ** (3 * thousands);
  return (scaled < 1 ? String(scaled) : strip(scaled.toPrecision(3))) + ["", "k", "M", "B", "T"][thousands];
}

function flops(value) {
  const [mantissa, exponent] = value.toExponential(2).split("e");
  return strip(mantissa) + "e" + Number(exponent);
}

const nats = (value) => value.toFixed(4) + " nats per token";
const exponent = (value) => minus(value.toFixed(3));

// Zero is an open end of an interval of counts.
function interval([low, high], text) {
  const bounded = isFinite(low) && (text !== count || low > 0);
  if (!isFinite(high)) return bounded ? "from " + text(low) + ", no upper bound" : "no bounds";
  return (bounded ? text(low) : "no lower bound,") + " to " + text(high);
}

const budgets = ({ from, to }) => flops(from) + " to " + flops(to) + " FLOPs";

function reach(decades) {
  const far = Math.abs(decades).toFixed(1);
  return far === "0.0" ? [] : [far + (far === "1.0" ? " decade " : " decades ") + (decades > 0 ? "beyond" : "below") + " the measured range"];
}

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
  const step = [1, 2, 5, 10].map((digit) => digit * decade).find((s) => (high - low) / s <= most) ?? 10 * decade;
  const ticks = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) ticks.push(i === 0 ? 0 : i * step);
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

function linearAxis(name, [low, high], extra) {
  const { ticks, decimals } = linearTicks(low, high, 8);
  return ticked(name, [low, high], ticks, (at) => minus(at.toFixed(decimals)), extra);
}

const lossAxis = (name, losses) => linearAxis(name, range(losses, 0.06, 0.001), above(-46));

const within = ([low, high], value) => Math.max(low, Math.min(high, value));
const isInside = ([low, high], value) => low < value && value < high;
const logWithin = (ends, value) => within(ends, value > 0 ? log(value) : -Infinity);

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
