package org.isoflop.harness.train;

import ai.djl.Device;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.DecoderOptions;
import org.isoflop.models.DecoderProgram;
import org.isoflop.models.DecoderState;
import org.isoflop.models.OptimizerSettings;
import org.isoflop.models.Precision;

/** Measures how fast a decoder trains on a device, by training it on noise for a moment. */
public final class ThroughputProbe {

  private static final OptimizerSettings OPTIMIZER = new OptimizerSettings(0.9, 0.95, 1e-8, 0.1, 1);
  private static final float LEARNING_RATE = 1e-3f;
  private static final int MOST_CALLS = 3;

  private ThroughputProbe() {}

  /**
   * What was measured.
   *
   * @param tokensPerSecond median over the timed calls
   * @param flopsPerSecond the same in training FLOPs, by {@link DecoderConfig#flopsPerToken}
   */
  public record Speed(double tokensPerSecond, double flopsPerSecond) {}

  /**
   * Trains and times.
   *
   * @param sequences windows per step, all in one pass
   * @param warmupSteps steps that are not timed, because the first ones are slow; fewer where they
   *     take longer than the timing is to
   * @param seconds how long to time for; at least one step
   */
  public static Speed measure(
      DecoderConfig decoder,
      Precision precision,
      Device device,
      int sequences,
      int warmupSteps,
      double seconds) {
    int context = decoder.options().context();
    try (DecoderProgram program =
        DecoderProgram.load(
            decoder, OPTIMIZER, precision, sequences, device, DecoderState.initial(decoder, 0))) {
      double stepSeconds = 0;
      double warmupSeconds = 0;
      for (int step = 0; step < warmupSteps && warmupSeconds < seconds; step++) {
        stepSeconds = time(program, 1, sequences);
        warmupSeconds += stepSeconds;
      }
      int calls = (int) Math.max(1, Math.min(MOST_CALLS, seconds / stepSeconds));
      int stepsPerCall = (int) Math.max(1, Math.min(200, seconds / calls / stepSeconds));
      double[] times = new double[calls];
      for (int call = 0; call < calls; call++) {
        times[call] = time(program, stepsPerCall, sequences) / stepsPerCall;
      }
      Arrays.sort(times);
      double tokensPerSecond = sequences * context / times[calls / 2];
      return new Speed(tokensPerSecond, tokensPerSecond * decoder.flopsPerToken());
    }
  }

  private static double time(DecoderProgram program, int steps, int sequences) {
    DecoderOptions options = program.decoder().options();
    int[] noise =
        new SplittableRandom(1)
            .ints((long) steps * sequences * (options.context() + 1), 0, options.vocabulary())
            .toArray();
    float[] rates = new float[steps];
    Arrays.fill(rates, LEARNING_RATE);
    long begin = System.nanoTime();
    program.train(noise, rates);
    return (System.nanoTime() - begin) * 1e-9;
  }
}
