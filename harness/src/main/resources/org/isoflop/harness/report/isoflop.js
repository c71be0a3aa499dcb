// Loss against parameters, a curve a budget; and what all figures of one analysis know of its budgets.

const analysis = data.analysis;
const curves = analysis.curves;
const residuals = analysis.residuals;

const name = (index) => flops(curves[index].budget) + " FLOPs";
const shown = () =>
  curves.map((curve, index) => ({ curve, index })).filter(({ index }) => !hidden.has("budget:" + index));

// Residuals come in the order of the curves.
let next = 0;
for (const curve of curves) {
  for (const point of curve.points) point.outlier = next < residuals.length && residuals[next++].outlier;
}

// A run or point may state its budget a little off its group's, or count FLOPs in another way.
function nearestBudget(budget) {
  if (budget === null) return -1;
  const distances = curves.map((curve) => Math.abs(log(curve.budget / budget)));
  return distances.indexOf(Math.min(...distances));
}

// A cross, as a path that ECharts can stroke.
const cross = "path://M-5,-5L5,5M-5,5L5,-5";

// What the fits leave out: a hollow cross, at the edge of the frame where it lies beyond.
function crosses(places, paint) {
  return {
    type: "scatter",
    data: places,
    symbol: cross,
    symbolSize: 10,
    itemStyle: { color: "transparent", borderColor: paint, borderWidth: 2, opacity: 1 },
    z: 4,
  };
}

figure("isoflop-chart", (width) => {
  const points = curves.flatMap((curve) => curve.points);
  const xs = range(points.map((p) => log(p.params)), 0.04);
  const losses = points
    .filter((p) => !p.outlier)
    .map((p) => p.loss)
    .concat(curves.flatMap((c) => (c.optimum === null ? [] : [c.optimum.loss.value])));
  const option = base();
  option.xAxis = logAxis("Parameters N", xs, width / 62, count, below);
  option.yAxis = lossAxis("Validation loss (nats per token)", losses);
  const ys = [option.yAxis.min, option.yAxis.max];
  option.series = shown().flatMap(({ curve, index }) => budgetSeries(curve, index, xs, ys));
  return option;
});

function budgetSeries(curve, index, xs, ys) {
  const paint = colour(index);
  const refused = curve.optimum === null;
  const place = (p) => ({
    value: [log(p.params), within(ys, p.loss)],
    tip: [
      name(index),
      [
        "N = " + count(p.params) + " params",
        "D = " + count(p.tokens) + " tokens",
        nats(p.loss),
        ...(p.bits_per_byte === null ? [] : [p.bits_per_byte.toFixed(4) + " bits per byte"]),
        ...(p.outlier ? ["left out: far above the curve"] : []),
        ...(refused ? ["no optimum at this budget"] : []),
      ],
    ],
  });
  const series = [
    {
      type: "line",
      data: curve.points.filter((p) => !p.outlier).map(place),
      symbol: "circle",
      symbolSize: 8,
      lineStyle: { color: paint, width: refused ? 1.2 : 0, type: "dashed" },
      itemStyle: { color: refused ? css("--ground") : paint, borderColor: paint, borderWidth: refused ? 1.8 : 0 },
      z: 3,
    },
    crosses(curve.points.filter((p) => p.outlier).map(place), paint),
  ];
  if (refused) return series;

  const optimum = curve.optimum;
  const estimate = (symbol, found) => symbol + "* = " + count(found.value) + " (" + interval(found.interval, count) + ")";
  series.push(
    {
      type: "line",
      data: optimum.curve.map((at) => [log(at.params), at.loss]),
      showSymbol: false,
      silent: true,
      lineStyle: { color: paint, width: 2 },
      z: 2,
    },
    {
      type: "line",
      // An end that is not seen gets no cap, or it would look like a bound.
      data: optimum.params.interval.map((end) => ({
        value: [logWithin(xs, end), optimum.loss.value],
        symbolSize: isInside(xs, logWithin(xs, end)) ? [1.5, 9] : 0,
      })),
      silent: true,
      symbol: "rect",
      lineStyle: { color: css("--ink"), width: 1.5 },
      itemStyle: { color: css("--ink") },
      z: 4,
    },
    {
      ...diamond(paint),
      data: [
        {
          value: [log(optimum.params.value), optimum.loss.value],
          tip: [
            "Optimum at " + name(index),
            [estimate("N", optimum.params), estimate("D", optimum.tokens), nats(optimum.loss.value)],
          ],
        },
      ],
    },
  );
  return series;
}
