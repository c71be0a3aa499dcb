package org.isoflop.harness.train;

import ai.djl.Device;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.DecoderProgram;
import org.isoflop.models.DecoderState;
import org.isoflop.models.OptimizerSettings;
import org.isoflop.models.Precision;
import org.isoflop.models.TokenArrays;

/** Measures how fast a decoder trains on a device, by training it on noise for a moment. */
public final class ThroughputProbe {

  private static final int NOISE_TOKENS = 1 << 20;
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
    try (TokenArrays noise = noise(decoder.options().vocabulary(), context, device);
        DecoderProgram program =
            DecoderProgram.load(
                decoder,
                OPTIMIZER,
                precision,
                sequences,
                noise,
                DecoderState.initial(decoder, 0))) {
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
    int windows = NOISE_TOKENS / (program.decoder().options().context() + 1);
    SplittableRandom random = new SplittableRandom(1);
    long[][] offsets = new long[steps][sequences];
    for (long[] batch : offsets) {
      Arrays.setAll(
          batch, i -> random.nextInt(windows) * (long) program.decoder().options().context());
    }
    float[] rates = new float[steps];
    Arrays.fill(rates, LEARNING_RATE);
    long begin = System.nanoTime();
    program.train(offsets, rates);
    return (System.nanoTime() - begin) * 1e-9;
  }

  private static TokenArrays noise(int vocabulary, int context, Device device) {
    boolean bytes = vocabulary <= 256;
    SplittableRandom random = new SplittableRandom(2);
    int count = Math.max(NOISE_TOKENS, 2 * context);
    ByteBuffer tokens =
        ByteBuffer.allocateDirect(bytes ? count : count * Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      int token = random.nextInt(vocabulary);
      if (bytes) {
        tokens.put((byte) token);
      } else {
        tokens.putInt(token);
      }
    }
    tokens.flip();
    return new TokenArrays(tokens, tokens.duplicate(), bytes ? 1 : Integer.BYTES, device);
  }
}
