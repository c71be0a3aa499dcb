// How far the points lie from the curves, or from the law.

figure("residuals-chart", (width) => {
  const kind = chosen.residual;
  const known = residuals
    .filter((r) => r[kind] !== null)
    .map((r) => ({ ...r, index: nearestBudget(r.point.budget) }));
  const ys = range(known.filter((r) => !r.outlier).map((r) => r[kind]).concat(0), 0.08, 1e-4);
  const option = base();
  option.xAxis = logAxis("Parameters N", range(known.map((r) => log(r.point.params)), 0.04), width / 62, count, below);
  option.yAxis = linearAxis("ln (loss / fit)", ys, above(-46));
  const place = (r) => ({
    value: [log(r.point.params), within(ys, r[kind])],
    tip: [
      name(r.index),
      [
        "N = " + count(r.point.params) + " params",
        nats(r.point.loss),
        minus((r[kind] > 0 ? "+" : "") + (100 * Math.expm1(r[kind])).toFixed(2)) + "% of the fit",
        ...(r.outlier ? ["left out by the curves"] : []),
      ],
    ],
  });
  option.series = shown().flatMap(({ index }) => {
    const here = known.filter((r) => r.index === index);
    return [
      {
        type: "scatter",
        data: here.filter((r) => !r.outlier).map(place),
        symbolSize: 8,
        itemStyle: { color: colour(index), opacity: 0.9 },
        z: 3,
      },
      crosses(here.filter((r) => r.outlier).map(place), colour(index)),
    ];
  });
  const [low, high] = [option.xAxis.min, option.xAxis.max];
  option.series.unshift({
    type: "line",
    data: [[low, 0], [high, 0]],
    showSymbol: false,
    silent: true,
    lineStyle: { color: css("--soft"), width: 1.5 },
    z: 2,
  });
  return option;
});
