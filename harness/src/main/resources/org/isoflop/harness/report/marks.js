// The marks that several figures draw: bands, optima with intervals, lines that leave the measured range.

const colour = (index) => css("--budget-" + index);
const diamond = (paint, size = 13) => ({
  type: "scatter",
  symbol: "diamond",
  symbolSize: size,
  itemStyle: { color: paint, borderColor: css("--ground"), borderWidth: 1.5, opacity: 1 },
  z: 5,
});

// A filled outline, given as places in drawing units.
function area(places, paint, opacity) {
  return {
    type: "custom",
    data: places.length > 2 ? [places[0]] : [],
    clip: true,
    silent: true,
    z: 1,
    renderItem: (params, api) => ({
      type: "polygon",
      shape: { points: places.map((at) => api.coord(at)) },
      style: { fill: paint, opacity },
    }),
  };
}

// An optimum against its budget, with an upright interval.
function optimumMarks(curve, quantity, symbol, unit, ys, bar, paint, title) {
  if (curve.optimum === null) return [];
  const at = log(curve.budget);
  const found = curve.optimum[quantity];
  return [
    {
      type: "line",
      data: found.interval.map((end) => [at, logWithin(ys, end)]),
      silent: true,
      // Without caps, which would peep out behind the diamond where the interval is no longer than it.
      showSymbol: false,
      lineStyle: { color: bar, width: 2 },
      z: 4,
    },
    {
      ...diamond(paint, 11),
      data: [
        {
          value: [at, logWithin(ys, found.value)],
          tip: [title, [symbol + "* = " + count(found.value) + " " + unit, "95% interval " + interval(found.interval, count)]],
        },
      ],
    },
  ];
}

// The frontier in parts: what was measured, and what is extrapolated below and beyond it.
function frontierParts(line) {
  const measured = line.filter((p) => p.decades_beyond === 0);
  const below = line.filter((p) => p.decades_beyond < 0).concat(measured.slice(0, 1));
  const beyond = measured.slice(-1).concat(line.filter((p) => p.decades_beyond > 0));
  return [
    { points: measured, dashed: false },
    { points: below, dashed: true },
    { points: beyond, dashed: true },
  ].filter(({ points }) => points.length > 1);
}

// The line through the optima in its band; a place on it says what stands there.
function frontierMarks(line, quantity, symbol, unit, ys, paint, opacity, title) {
  return frontierParts(line).flatMap(({ points, dashed }) => {
    const edge = (end) => points.map((p) => [log(p.budget), logWithin(ys, p[quantity].interval[end])]);
    return [
      area(edge(0).concat(edge(1).reverse()), paint, dashed ? opacity * 0.55 : opacity),
      {
        type: "line",
        data: points.map((p) => ({
          value: [log(p.budget), logWithin(ys, p[quantity].value)],
          tip: [
            title + flops(p.budget) + " FLOPs",
            [
              symbol + "* = " + count(p[quantity].value) + " " + unit,
              "95% interval " + interval(p[quantity].interval, count),
              ...(p.loss === null ? [] : [nats(p.loss.value)]),
              ...reach(p.decades_beyond),
            ],
          ],
        })),
        symbol: "circle",
        symbolSize: 9,
        itemStyle: { color: paint, opacity: 0 },
        emphasis: { itemStyle: { opacity: 1 }, lineStyle: { width: 2 } },
        lineStyle: { color: paint, width: 2, type: dashed ? [7, 5] : "solid" },
        z: 2,
      },
    ];
  });
}

// Budgets across, and what is sure upright; of intervals, only what lies near it.
function nearRange(sure, intervals, room, margin) {
  const known = range(sure, 0, 0);
  const wide = [known[0] - room(known), known[1] + room(known)];
  return range(sure.concat(intervals.filter((end) => !isNaN(end)).map((end) => within(wide, end))), margin);
}

const logEnds = (estimates) => estimates.flatMap((e) => e.interval.map((end) => (end > 0 ? log(end) : -Infinity)));

// ---- local exponents -------------------------------------------------------------------------

// The top of the range is often the last window too, and is drawn once.
const besideTop = (found, top) =>
  found.filter((at) => top === null || at.from !== top.from || at.to !== top.to || at.optima !== top.optima);

function exponentAxis(letter, estimates) {
  const ys = nearRange(
    estimates.map((e) => e.value),
    estimates.flatMap((e) => e.interval),
    ([low, high]) => Math.max(0.2, high - low),
    0.06,
  );
  const power = letter === "a" ? "N" : "D";
  return { ys, axis: linearAxis(`${letter} = d ln ${power}* / d ln C`, ys, above(-46)) };
}

// A bar over the budgets a slope holds for, and its upright interval, beside the middle by a shift in pixels.
function exponentBars(exponents, letter, ys, { paint, width, shift = 0, dash = [], z = 3 }, title) {
  return {
    type: "custom",
    clip: true,
    z,
    dimensions: ["from", "to", "value", "low", "high"],
    encode: { x: [0, 1], y: [2, 3, 4] },
    data: exponents.map((local) => {
      const found = local.exponents[letter];
      return {
        value: [log(local.from), log(local.to), found.value, ...found.interval.map((end) => within(ys, end))],
        tip: [
          title,
          [budgets(local) + ", " + local.optima + " budgets", letter + " = " + exponent(found.value), "95% interval " + interval(found.interval, exponent)],
        ],
      };
    }),
    renderItem: (params, api) => {
      const [left, y] = api.coord([api.value(0), api.value(2)]);
      const [right] = api.coord([api.value(1), api.value(2)]);
      const [, bottom] = api.coord([api.value(0), api.value(3)]);
      const [, top] = api.coord([api.value(0), api.value(4)]);
      const middle = (left + right) / 2 + shift;
      const line = (x1, y1, x2, y2, lineWidth, lineDash = []) => ({ type: "line", shape: { x1, y1, x2, y2 }, style: { stroke: paint, lineWidth, lineDash } });
      return {
        type: "group",
        children: [
          // Thin lines are hard to point at.
          { type: "rect", shape: { x: left, y: y - 7, width: right - left, height: 14 }, style: { fill: "transparent" } },
          { type: "rect", shape: { x: middle - 7, y: top, width: 14, height: bottom - top }, style: { fill: "transparent" } },
          line(left, y, right, y, width, dash),
          line(middle, top, middle, bottom, width > 4 ? 2.2 : 1.4),
          // An end that is not seen gets no cap, or it would look like a bound.
          ...[top, bottom].filter((end, i) => isInside(ys, api.value(4 - i))).map((end) => line(middle - 5, end, middle + 5, end, 1.5)),
          { type: "circle", shape: { cx: middle, cy: y, r: width > 4 ? 6 : 4.5 }, style: { fill: paint, stroke: css("--ground"), lineWidth: 1.5 } },
        ],
      };
    },
  };
}
