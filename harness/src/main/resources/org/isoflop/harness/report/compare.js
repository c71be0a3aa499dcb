// Several data sets beside each other: their optima, and their local exponents, a colour a set.

const sets = data.sets.map((set, index) => ({ ...set, index }));
const setColour = (index) => css("--set-" + index);
const shownSets = () => sets.filter(({ index }) => !hidden.has("set:" + index));
const localOf = ({ windows, local, top }) => besideTop(windows.length > 0 ? windows : local, top);

function setBudgets(width) {
  const all = sets.flatMap(({ analysis }) => analysis.curves.concat(analysis.frontier)).map((at) => log(at.budget));
  return logAxis("Budget C (FLOPs)", range(all, 0.04), width / 80, flops, below);
}

figure("compare-params-chart", (width) => {
  const curves = sets.flatMap(({ analysis }) => analysis.curves);
  const optima = curves.flatMap((curve) => (curve.optimum === null ? [] : [curve.optimum.params]));
  const line = sets.flatMap(({ analysis }) => analysis.frontier);
  const sure = optima.concat(line.map((p) => p.params)).map((e) => log(e.value));
  const ys = nearRange(
    sure.length > 0 ? sure : curves.flatMap((curve) => curve.points.map((p) => log(p.params))),
    logEnds(optima),
    () => 0.3,
    0.06,
  );
  const option = base();
  option.xAxis = setBudgets(width);
  option.yAxis = logAxis("N* (params)", ys, 9, count, above(-46));
  option.series = shownSets().flatMap(({ title, analysis, index }) => {
    const paint = setColour(index);
    return frontierMarks(analysis.frontier, "params", "N", "params", ys, paint, 0.1, title + ", fit at ").concat(
      analysis.curves.flatMap((curve) =>
        optimumMarks(curve, "params", "N", "params", ys, paint, paint, title + ", " + flops(curve.budget) + " FLOPs"),
      ),
    );
  });
  return option;
});

figure("compare-exponents-chart", (width) => {
  const letter = chosen.exponent;
  const found = sets.flatMap(({ analysis }) => localOf(analysis).concat(analysis.top ?? []));
  const { ys, axis } = exponentAxis(letter, found.map((at) => at.exponents[letter]));
  const option = base();
  option.xAxis = setBudgets(width);
  option.yAxis = axis;
  option.series = shownSets().flatMap(({ title, analysis, index }) => [
    exponentBars(localOf(analysis), letter, ys, { paint: setColour(index), width: 2 }, title),
    exponentBars(analysis.top === null ? [] : [analysis.top], letter, ys, { paint: setColour(index), width: 6, z: 4 }, title + ", top of the range"),
  ]);
  return option;
});
