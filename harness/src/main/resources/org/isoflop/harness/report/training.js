// The figure of the training curves: loss against tokens seen, coloured by budget; rings are
// validation losses on the way and at the end.

figure("training-chart", training, "canvas");

function training(width) {
  const samples = data.training.flatMap((curve) => [...curve.samples, ...curve.evaluations]);
  const option = base();
  option.xAxis = logAxis("Training tokens D", range(samples.map((s) => log(s[0])), 0.02), width / 62, count, below);
  option.yAxis = lossAxis("Loss (nats per token)", samples.map((s) => s[1]));
  option.series = data.training
    .map((curve) => ({ curve, index: nearestBudget(curve.budget) }))
    .filter(({ index }) => !hidden.has("budget:" + index))
    .flatMap(({ curve, index }) => trainingSeries(curve, index));
  return option;
}

function trainingSeries(curve, index) {
  const ink = index < 0 ? css("--soft") : colour(index);
  const label = index < 0 ? "no point yet" : name(index);
  const line = {
    type: "line",
    name: label,
    data: lossMarks(curve, index, curve.samples, "training"),
    symbol: "circle",
    symbolSize: 7,
    lineStyle: { color: ink, width: 1.3, opacity: 0.85 },
    itemStyle: { color: ink, opacity: 0 },
    emphasis: { focus: "series", itemStyle: { opacity: 1 }, lineStyle: { width: 2.5, opacity: 1 } },
  };
  const rings = {
    type: "scatter",
    name: label,
    data: lossMarks(curve, index, curve.evaluations, "validation"),
    symbol: "circle",
    symbolSize: 6,
    itemStyle: { color: "transparent", borderColor: ink, borderWidth: 1.3 },
  };
  return curve.evaluations.length === 0 ? [line] : [line, rings];
}

function lossMarks(curve, index, samples, kind) {
  const line = [];
  samples.forEach(([tokens, loss], i) => {
    // Where tokens fall, a branch ended and the trunk went on: no line joins the two.
    if (i > 0 && tokens < samples[i - 1][0]) line.push({ value: [log(tokens), "-"] });
    line.push({
      value: [log(tokens), loss],
      tip: [
        curve.job,
        [
          curve.params === null ? [] : ["N = " + count(curve.params) + " params"],
          index < 0 ? [] : [name(index)],
          ["D = " + count(tokens) + " tokens", nats(loss) + ", " + kind],
        ].flat(),
      ],
    });
  });
  return line;
}
