package org.isoflop.harness.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.config.Cosine;
import org.isoflop.harness.config.Schedule;
import org.isoflop.harness.config.Wsd;
import org.isoflop.harness.plan.Horizon;
import org.isoflop.harness.plan.Job;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.DecoderOptions;
import org.isoflop.models.MlpKind;
import org.isoflop.models.NormKind;
import org.isoflop.models.OptimizerSettings;
import org.isoflop.models.Precision;
import org.junit.jupiter.api.Test;

/** Jobs are the same where all that decides their numbers is, and only there. */
final class ConditionsTest {

  private static final Conditions BASE =
      new Conditions("text", "bytes", 0.05, 100, Precision.FLOAT32, Optional.empty());

  @Test
  void everythingThatDecidesANumberTellsJobsApart() {
    Job job = job(1, 8, true, 0.95, new Wsd.Fitted(1e-3, 5, 100, 20));
    List<String> identities = new ArrayList<>();
    identities.add(BASE.identity(job));
    for (Conditions other :
        List.of(
            new Conditions("other", "bytes", 0.05, 100, Precision.FLOAT32, Optional.empty()),
            new Conditions("text", "bpe", 0.05, 100, Precision.FLOAT32, Optional.empty()),
            new Conditions("text", "bytes", 0.06, 100, Precision.FLOAT32, Optional.empty()),
            new Conditions("text", "bytes", 0.05, 101, Precision.FLOAT32, Optional.empty()),
            new Conditions("text", "bytes", 0.05, 100, Precision.BFLOAT16, Optional.empty()))) {
      identities.add(other.identity(job));
    }
    for (Job other :
        List.of(
            job(2, 8, true, 0.95, new Wsd.Fitted(1e-3, 5, 100, 20)),
            job(1, 4, true, 0.95, new Wsd.Fitted(1e-3, 5, 100, 20)),
            job(1, 8, false, 0.95, new Wsd.Fitted(1e-3, 5, 100, 20)),
            job(1, 8, true, 0.99, new Wsd.Fitted(1e-3, 5, 100, 20)),
            job(1, 8, true, 0.95, new Wsd.Fitted(Math.nextUp(1e-3), 5, 100, 20)),
            job(1, 8, true, 0.95, new Wsd.Fitted(1e-3, 6, 100, 20)),
            job(1, 8, true, 0.95, new Wsd.Fitted(1e-3, 5, 100, 21)),
            job(1, 8, true, 0.95, new Cosine.Fitted(1e-3, 5, 100, 0.1)))) {
      identities.add(BASE.identity(other));
    }
    assertThat(identities).doesNotHaveDuplicates().allMatch(id -> id.matches("[0-9a-f]{64}"));
  }

  @Test
  void whatIsHeldOutTellsJobsApartWhereTheTextAndAFractionDoNotSay() {
    Job job = job(1, 8, true, 0.95, new Wsd.Fitted(1e-3, 5, 100, 20));
    assertThat(heldOut(0.05, "a").identity(job))
        .isEqualTo(heldOut(0.05, "b").identity(job))
        .isEqualTo(BASE.identity(job));
    assertThat(heldOut(0, "a").identity(job))
        .isNotEqualTo(heldOut(0, "b").identity(job))
        .isEqualTo(heldOut(0, "a").identity(job));
  }

  private static Conditions heldOut(double fraction, String hash) {
    return new Conditions("text", "bytes", fraction, 100, Precision.FLOAT32, Optional.of(hash));
  }

  /** A folder that was trained in part before there was such a thing as a base goes on. */
  @Test
  void theStandardParametrizationIsTheOneThatWasAlways() {
    Job job = job(1, 8, true, 0.95, new Wsd.Fitted(1e-3, 5, 100, 20));
    assertThat(BASE.identity(job))
        .isEqualTo("03fa0c81d8cb5844305efe6a74a0236132074468c14c6ef9fe43f137ab902ad7");
    DecoderConfig decoder = job.decoder();
    List<String> identities = new ArrayList<>(List.of(BASE.identity(job)));
    for (int width : new int[] {16, 32}) {
      DecoderOptions mup =
          decoder.options().scaledFrom(new DecoderConfig(decoder.options(), 1, width, 2, 40));
      identities.add(
          BASE.identity(
              new Job(
                  job.id(),
                  new DecoderConfig(mup, 1, 16, 2, 40),
                  job.seed(),
                  job.batchSequences(),
                  job.optimizer(),
                  job.schedule(),
                  job.parent(),
                  job.firstStep(),
                  job.lastStep(),
                  job.horizon())));
    }
    assertThat(identities).doesNotHaveDuplicates();
  }

  @Test
  void whereALineageIsCutIntoJobsTellsNoneApart() {
    Job whole = job(1, 8, true, 0.95, new Wsd.Fitted(1e-3, 5, 100, 20));
    Job branch =
        new Job(
            "branch",
            whole.decoder(),
            whole.seed(),
            whole.batchSequences(),
            whole.optimizer(),
            whole.schedule(),
            Optional.of("trunk"),
            80,
            100,
            whole.horizon());
    assertThat(BASE.identity(branch)).isEqualTo(BASE.identity(whole));
  }

  private static Job job(
      long seed, int sequences, boolean tied, double beta2, Schedule.Fitted schedule) {
    DecoderOptions options =
        new DecoderOptions(16, 32, MlpKind.SWIGLU, NormKind.LAYERNORM, true, tied);
    DecoderConfig decoder = new DecoderConfig(options, 1, 16, 2, 40);
    long tokens = 100L * sequences * 16;
    return new Job(
        "job",
        decoder,
        seed,
        sequences,
        new OptimizerSettings(0.9, beta2, 1e-8, 0.1, 1),
        schedule,
        Optional.empty(),
        0,
        100,
        Optional.of(new Horizon(1e9, 100, tokens, tokens * decoder.flopsPerToken())));
  }
}
