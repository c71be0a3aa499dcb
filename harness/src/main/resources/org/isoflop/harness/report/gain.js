// Compute-equivalent gain over the baseline against what the baseline spends.

figure("gain-chart", (width) => {
  const gains = data.contrasts.filter(({ gain }) => gain.value !== null).map(({ name, set, gain }) => ({ name, set, ...gain.value }));
  const all = gains.flatMap(({ drawn }) => drawn);
  const factor = (value) => value.toFixed(2);
  const ys = nearRange(
    all.map((at) => at.gain.value).concat(1),
    all.flatMap((at) => at.gain.interval),
    () => 0.5,
    0.06,
  );
  const option = base();
  const xs = range(all.map((at) => log(at.baseline.value)), 0.04);
  option.xAxis = logAxis("FLOPs of the baseline", xs, width / 80, flops, below);
  option.yAxis = linearAxis("Gain C_A / C_B", ys, above(-46));
  option.series = [
    { type: "line", data: xs.map((x) => [x, 1]), showSymbol: false, silent: true, lineStyle: { color: css("--soft"), width: 1.5 }, z: 1 },
    ...gains
      .filter(({ set }) => !hidden.has("set:" + set))
      .flatMap(({ name, set, unit, drawn }) => {
        const edge = (end) => drawn.map((at) => [log(at.baseline.value), within(ys, at.gain.interval[end])]);
        return [
          area(edge(0).concat(edge(1).reverse()), setColour(set), 0.14),
          {
            type: "line",
            data: drawn.map((at) => ({
              value: [log(at.baseline.value), at.gain.value],
              tip: [
                name + ", at " + at.loss.toFixed(4) + " " + unit,
                [
                  flops(at.other.value) + " FLOPs, the baseline " + flops(at.baseline.value),
                  "gain " + factor(at.gain.value),
                  "95% interval " + interval(at.gain.interval, factor),
                ],
              ],
            })),
            symbol: "circle",
            symbolSize: 9,
            itemStyle: { color: setColour(set), opacity: 0 },
            emphasis: { itemStyle: { opacity: 1 }, lineStyle: { width: 2 } },
            lineStyle: { color: setColour(set), width: 2 },
            z: 2,
          },
        ];
      }),
  ];
  return option;
});
