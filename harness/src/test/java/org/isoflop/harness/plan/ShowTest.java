package org.isoflop.harness.plan;

import java.nio.file.Path;
import org.isoflop.harness.config.SweepConfig;
import org.junit.jupiter.api.Test;

final class ShowTest {
  @Test
  void show() {
    for (String name : new String[] {"smoke", "laptop"}) {
      SweepConfig config = SweepConfig.read(Path.of("..", "configs", name + ".yaml"));
      System.out.println(config.toYaml());
      System.out.println(
          PlanText.render(Plan.of(config, new DataFacts(200_000_000, 256), (d, t) -> 3e10), 2));
    }
  }
}
