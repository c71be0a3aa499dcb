// The figure of the training curves: loss against tokens seen, coloured by budget.

figure("training-chart", training, "canvas");

function training(width) {
  const samples = data.training.flatMap((curve) => curve.samples);
  const option = base();
  option.xAxis = logAxis("Training tokens D", range(samples.map((s) => log(s[0])), 0.02), width / 62, count, below);
  option.yAxis = lossAxis("Training loss (nats per token)", samples.map((s) => s[1]));
  option.series = data.training
    .map((curve) => ({ curve, index: nearestBudget(curve.budget) }))
    .filter(({ index }) => !hidden.has("budget:" + index))
    .map(({ curve, index }) => ({
      type: "line",
      name: index < 0 ? "no point yet" : name(index),
      data: trainingLine(curve, index),
      symbol: "circle",
      symbolSize: 7,
      lineStyle: { color: index < 0 ? css("--soft") : colour(index), width: 1.3, opacity: 0.85 },
      itemStyle: { color: index < 0 ? css("--soft") : colour(index), opacity: 0 },
      emphasis: { focus: "series", itemStyle: { opacity: 1 }, lineStyle: { width: 2.5, opacity: 1 } },
    }));
  return option;
}

function trainingLine(curve, index) {
  const line = [];
  curve.samples.forEach(([tokens, loss], i) => {
    // Where tokens fall, a branch ended and the trunk went on: no line joins the two.
    if (i > 0 && tokens < curve.samples[i - 1][0]) line.push({ value: [log(tokens), "-"] });
    line.push({
      value: [log(tokens), loss],
      tip: [
        curve.job,
        [
          curve.params === null ? [] : ["N = " + count(curve.params) + " params"],
          index < 0 ? [] : [name(index)],
          ["D = " + count(tokens) + " tokens", nats(loss)],
        ].flat(),
      ],
    });
  });
  return line;
}
