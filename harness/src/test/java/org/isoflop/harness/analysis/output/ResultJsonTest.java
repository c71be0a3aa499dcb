package org.isoflop.harness.analysis.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.analysis.output.ResultJson.Row;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.Interval;
import org.junit.jupiter.api.Test;

final class ResultJsonTest {

  private record Place(double budget, double lnParams) {}

  private static final Row ROOT =
      new Row()
          .with("points", 2)
          .with("convention", new Row().with("params", "total"))
          .estimate("a", new Estimate(0.5, new Interval(Double.NEGATIVE_INFINITY, 0.6)))
          .estimate("b", Optional.empty())
          .with("splits", Fitted.refused("Too few."))
          .with("gain", Fitted.of(2.5))
          .refused()
          .with("places", List.of(new Place(1e18, 0.25), new Place(1e19, Double.NaN)))
          .with("warnings", List.of("One.", "Two."))
          .with("notes", List.of());

  @Test
  void aRowALineAndNullForWhatIsNotThereRefusedOrNoNumber() throws IOException {
    StringWriter written = new StringWriter();
    ResultJson.writeLines(ROOT, written);
    assertThat(written.toString())
        .isEqualTo(
            """
            {
              "points": 2,
              "convention": { "params": "total" },
              "a": 0.5,
              "a_interval": [ null, 0.6 ],
              "b": null,
              "b_interval": null,
              "splits": null,
              "gain": 2.5,
              "refused": { "splits": "Too few." },
              "places": [
                { "budget": 1.0E18, "ln_params": 0.25 },
                { "budget": 1.0E19, "ln_params": null }
              ],
              "warnings": [
                "One.",
                "Two."
              ],
              "notes": [ ]
            }
            """);
  }
}
