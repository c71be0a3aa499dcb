package org.isoflop.harness.analysis.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.isoflop.harness.analysis.Surfaces;
import org.isoflop.harness.analysis.envelope.EnvelopeFit.Envelope;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.Resampling;

final class EnvelopePropertyTest {

  private static final Resampling RESAMPLING = new Resampling(1, 100);

  @Property(tries = 10)
  void theOrderOfTheRunsMeansNothing(@ForAll long seed) {
    List<TrainingRun> runs =
        Runs.sample(Surfaces::chinchilla, Runs.sizes(4e7, 1.5, 9), 200, 400, 0.01, seed);
    List<TrainingRun> shuffled = new ArrayList<>(runs);
    Collections.shuffle(shuffled, new Random(seed));

    Fitted<Envelope> fitted = EnvelopeFit.fit(runs, RESAMPLING);

    assertThat(fitted.value()).isPresent();
    assertThat(EnvelopeFit.fit(shuffled, RESAMPLING)).isEqualTo(fitted);
  }
}
