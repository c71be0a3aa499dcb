package org.isoflop.models;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The training program, run for real on tiny decoders. */
final class DecoderProgramTest {

  @Test
  void trainingLowersTheLossOfPredictableText() {
    DecoderOptions options =
        new DecoderOptions(16, 32, MlpKind.SWIGLU, NormKind.LAYERNORM, true, false);
    DecoderConfig decoder = new DecoderConfig(options, 2, 32, 4, 88);
    ByteBuffer tokens = ByteBuffer.allocateDirect(2000);
    for (int i = 0; i < 2000; i++) {
      tokens.put((byte) (i % 31));
    }
    tokens.flip();
    Random random = new Random(1);
    try (TokenArrays arrays = new TokenArrays(tokens, tokens.duplicate(), 1, Device.cpu());
        DecoderProgram program =
            DecoderProgram.load(
                decoder,
                new OptimizerSettings(0.9, 0.95, 1e-8, 0.1, 1),
                Precision.FLOAT32,
                arrays,
                DecoderState.initial(decoder, 1))) {
      long[] validation = {0, 100, 200, 300, 400};
      assertThat(program.evaluate(validation, 2)).isBetween(3.0, 4.0);
      for (int call = 0; call < 10; call++) {
        long[][] offsets = new long[10][8];
        float[] rates = new float[10];
        for (int s = 0; s < 10; s++) {
          rates[s] = 0.01f;
          for (int b = 0; b < 8; b++) {
            offsets[s][b] = random.nextInt(1900);
          }
        }
        program.train(offsets, 2, rates);
      }
      assertThat(program.evaluate(validation, 2)).isLessThan(0.1);
      assertThat(program.state().step()).isEqualTo(100);
    }
  }
}
