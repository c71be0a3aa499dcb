// N* and D* against the budget, with the line through them, a decade further.

function frontier(quantity, symbol, unit) {
  const line = analysis.frontier;
  const sure = curves
    .flatMap((curve) => curve.points.map((p) => log(p[quantity])))
    .concat(line.map((p) => log(p[quantity].value)));
  const estimates = curves
    .flatMap((curve) => (curve.optimum === null ? [] : [curve.optimum[quantity]]))
    .concat(line.map((p) => p[quantity]));
  return (width) => {
    const xs = range(curves.concat(line).map((at) => log(at.budget)), 0.06);
    const ys = nearRange(sure, logEnds(estimates), () => 0.3, 0.06);
    const option = base();
    option.xAxis = logAxis("Budget C (FLOPs)", xs, width / 80, flops, below);
    option.yAxis = logAxis(symbol + "* (" + unit + ")", ys, 9, count, above(-46));
    option.series = shown()
      .map(({ curve }) => measured(curve))
      .concat(frontierMarks(line, quantity, symbol, unit, ys, css("--fit"), 0.16, "Fit at "))
      .concat(
        shown().flatMap(({ curve, index }) =>
          optimumMarks(curve, quantity, symbol, unit, ys, css("--ink"), colour(index), "Optimum at " + name(index)),
        ),
      );
    return option;
  };

  function measured(curve) {
    const at = log(curve.budget);
    const sizes = curve.points.map((p) => log(p[quantity]));
    return {
      type: "line",
      data: [[at, Math.min(...sizes)], [at, Math.max(...sizes)]],
      showSymbol: false,
      silent: true,
      lineStyle: { color: css("--soft"), width: 9, opacity: 0.14 },
      z: 1,
    };
  }
}

figure("params-chart", frontier("params", "N", "params"));
figure("tokens-chart", frontier("tokens", "D", "tokens"));
