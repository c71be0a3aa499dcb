// The figures of the analysis: each is a function of the width it has, and gives ECharts its option.

const data = JSON.parse(document.getElementById("report-data").textContent);
const curves = data.analysis.curves;
const hidden = new Set();

const colour = (index) => css("--budget-" + index);
const name = (index) => flops(curves[index].budget) + " FLOPs";
const shown = () => curves.map((curve, index) => ({ curve, index })).filter(({ index }) => !hidden.has(index));

// ---- loss against parameters ---------------------------------------------------------------

function isoflop(width) {
  const points = curves.flatMap((curve) => curve.points);
  const xs = range(points.map((p) => log(p.params)), 0.04);
  const option = base();
  option.xAxis = logAxis("Parameters N", xs, width / 62, count, below);
  option.yAxis = lossAxis(
    "Validation loss (nats per token)",
    points.map((p) => p.loss).concat(curves.flatMap((c) => (c.optimum === null ? [] : [c.optimum.loss]))),
  );
  option.series = shown().flatMap(({ curve, index }) => budgetSeries(curve, index));
  return option;
}

function budgetSeries(curve, index) {
  const paint = colour(index);
  const refused = curve.optimum === null;
  const series = [
    {
      type: "line",
      name: name(index),
      data: curve.points.map((p) => ({
        value: [log(p.params), p.loss],
        tip: [
          name(index),
          ["N = " + count(p.params) + " params", "D = " + count(p.tokens) + " tokens", nats(p.loss)].concat(
            p.bits_per_byte === null ? [] : [p.bits_per_byte.toFixed(4) + " bits per byte"],
            refused ? ["no optimum at this budget"] : [],
          ),
        ],
      })),
      symbol: "circle",
      symbolSize: 8,
      lineStyle: { color: paint, width: refused ? 1.2 : 0, type: "dashed" },
      itemStyle: { color: refused ? css("--ground") : paint, borderColor: paint, borderWidth: refused ? 1.8 : 0 },
      z: 3,
    },
  ];
  if (refused) return series;

  const fit = curve.optimum.curve;
  const sizes = curve.points.map((p) => Math.log(p.params));
  const from = Math.min(...sizes);
  const to = Math.max(...sizes);
  const parabola = [];
  for (let i = 0; i <= 80; i++) {
    const at = from + ((to - from) * i) / 80;
    parabola.push([at / Math.LN10, fit.minimum + fit.curvature * (at - fit.vertex) ** 2]);
  }
  series.push({
    type: "line",
    name: name(index),
    data: parabola,
    showSymbol: false,
    silent: true,
    lineStyle: { color: paint, width: 2 },
    z: 2,
  });
  const optimum = curve.optimum;
  const ends = optimum.params_interval.filter((end) => typeof end === "number" && end > 0);
  series.push({
    type: "line",
    name: name(index),
    data: ends.map((end) => [log(end), optimum.loss]),
    clip: true,
    silent: true,
    symbol: "rect",
    symbolSize: [1.5, 9],
    lineStyle: { color: css("--ink"), width: 1.5 },
    itemStyle: { color: css("--ink") },
    z: 4,
  });
  series.push({
    type: "scatter",
    name: name(index),
    data: [
      {
        value: [log(optimum.params), optimum.loss],
        tip: [
          "Optimum at " + name(index),
          [
            "N* = " + count(optimum.params) + " (" + optimum.params_interval.map(count).join(" to ") + ")",
            "D* = " + count(optimum.tokens) + " (" + optimum.tokens_interval.map(count).join(" to ") + ")",
            nats(optimum.loss),
          ],
        ],
      },
    ],
    symbol: "diamond",
    symbolSize: 15,
    itemStyle: { color: paint, borderColor: css("--ground"), borderWidth: 1.5, opacity: 1 },
    z: 5,
  });
  return series;
}

// ---- N* and D* against the budget ----------------------------------------------------------

function frontier(quantity, symbol, unit) {
  const interval = quantity + "_interval";
  const measured = curves.flatMap((curve) => curve.points.map((p) => log(p[quantity])));
  const line = data.analysis.frontier;
  return (width) => {
    const xs = range(curves.map((curve) => log(curve.budget)), 0.08);
    // An interval may be far wider than what was measured; the view is not.
    const wide = range(measured, 0.25);
    const bounds = curves.flatMap((c) => (c.optimum === null ? [] : c.optimum[interval]))
      .concat(line.flatMap((p) => p[interval]))
      .filter((v) => typeof v === "number" && v > 0)
      .map((v) => Math.max(wide[0], Math.min(wide[1], log(v))));
    const ys = range(measured.concat(bounds), 0.06);
    const option = base();
    option.xAxis = logAxis("Budget C (FLOPs)", xs, width / 80, flops, below);
    option.yAxis = logAxis(symbol + "* (" + unit + ")", ys, 9, count, above(-46));
    const inside = (value) => {
      const at = typeof value === "number" && value > 0 ? log(value) : value === "Infinity" ? ys[1] : ys[0];
      return Math.max(ys[0], Math.min(ys[1], at));
    };
    option.series = [band(line, interval, inside)].concat(
      shown().flatMap(({ curve, index }) => optimumSeries(curve, index, inside)),
    );
    option.series.push({
      type: "line",
      name: "fit",
      data: line.map((p) => [log(p.budget), log(p[quantity])]),
      showSymbol: false,
      silent: true,
      lineStyle: { color: css("--fit"), width: 1.8 },
      z: 2,
    });
    return option;
  };

  function optimumSeries(curve, index, inside) {
    const at = log(curve.budget);
    const paint = colour(index);
    const sizes = curve.points.map((p) => log(p[quantity]));
    const series = [
      {
        type: "line",
        name: name(index),
        data: [[at, Math.min(...sizes)], [at, Math.max(...sizes)]],
        showSymbol: false,
        silent: true,
        lineStyle: { color: css("--soft"), width: 9, opacity: 0.14 },
        z: 1,
      },
    ];
    const optimum = curve.optimum;
    if (optimum === null) return series;
    series.push(
      {
        type: "line",
        name: name(index),
        data: optimum[interval].map((end) => [at, inside(end)]),
        silent: true,
        symbol: "rect",
        symbolSize: [11, 1.5],
        lineStyle: { color: css("--ink"), width: 1.5 },
        itemStyle: { color: css("--ink") },
        z: 4,
      },
      {
        type: "scatter",
        name: name(index),
        data: [
          {
            value: [at, log(optimum[quantity])],
            tip: [
              name(index),
              [
                symbol + "* = " + count(optimum[quantity]) + " " + unit,
                "95% interval " + optimum[interval].map(count).join(" to "),
              ],
            ],
          },
        ],
        symbol: "diamond",
        symbolSize: 15,
        itemStyle: { color: paint, borderColor: css("--ground"), borderWidth: 1.5, opacity: 1 },
        z: 5,
      },
    );
    return series;
  }

  function band(line, interval, inside) {
    const edge = line.map((p) => [log(p.budget), inside(p[interval][0])]);
    edge.push(...line.map((p) => [log(p.budget), inside(p[interval][1])]).reverse());
    return {
      type: "custom",
      name: "band",
      data: line.length > 1 ? [[edge[0][0], edge[0][1]]] : [],
      clip: true,
      silent: true,
      z: 1,
      renderItem: (params, api) => ({
        type: "polygon",
        shape: { points: edge.map((at) => api.coord(at)) },
        style: { fill: css("--fit"), opacity: 0.15 },
      }),
    };
  }
}
