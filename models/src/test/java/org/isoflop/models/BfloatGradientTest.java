package org.isoflop.models;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Gradients in bfloat16 beside those in float32, over 16,384 tokens of real text in one pass: what
 * is summed over many tokens must be summed in float32, most of all where one byte is in a quarter
 * of the places.
 */
final class BfloatGradientTest {

  private static final int CONTEXT = 128;
  private static final int WINDOWS = 128;
  private static final int BYTES = 256;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyMatrixIsWithinTwoPercentOfFloat32(boolean tied) throws IOException {
    DecoderConfig decoder =
        new DecoderConfig(
            new DecoderOptions(CONTEXT, BYTES, MlpKind.SWIGLU, NormKind.LAYERNORM, true, tied),
            2,
            32,
            2,
            88);
    byte[] text = sourceCode();
    int[] windows = windows(text);
    List<float[]> exact = gradients(decoder, Precision.FLOAT32, windows);
    List<float[]> rounded = gradients(decoder, Precision.BFLOAT16, windows);
    List<WeightMatrix> matrices = WeightMatrix.of(decoder);
    for (int i = 0; i < matrices.size(); i++) {
      WeightMatrix matrix = matrices.get(i);
      assertThat(relativeError(exact.get(i + 1), rounded.get(i + 1), 0, matrix.size()))
          .as(matrix.name())
          .isLessThan(0.02);
    }
    int width = decoder.width();
    for (int symbol : frequent(text)) {
      int row = symbol * width;
      assertThat(relativeError(exact.get(1), rounded.get(1), row, row + width))
          .as("embedding of '%c'", symbol)
          .isLessThan(0.03);
    }
  }

  private static List<float[]> gradients(
      DecoderConfig decoder, Precision precision, int[] windows) {
    OptimizerSettings adamW = new OptimizerSettings(0.9, 0.95, 1e-8, 0.1, 1);
    DecoderState state = DecoderState.initial(decoder, 3);
    try (DecoderProgram program =
        DecoderProgram.load(decoder, adamW, precision, WINDOWS, Device.cpu(), state)) {
      return program.gradients(windows);
    }
  }

  /** Windows spread evenly over a text. */
  private static int[] windows(byte[] text) {
    int[] windows = new int[WINDOWS * (CONTEXT + 1)];
    for (int i = 0; i < windows.length; i++) {
      int window = i / (CONTEXT + 1);
      int start = window * (text.length - CONTEXT - 1) / (WINDOWS - 1);
      windows[i] = Byte.toUnsignedInt(text[start + i % (CONTEXT + 1)]);
    }
    return windows;
  }

  /** The training program's own source: text as people write it, a quarter of it spaces. */
  private static byte[] sourceCode() throws IOException {
    try (InputStream in = DecoderProgram.class.getResourceAsStream("decoder.py")) {
      return in.readAllBytes();
    }
  }

  /** The bytes that are at least a fiftieth of a text. */
  private static int[] frequent(byte[] text) {
    int[] counts = new int[BYTES];
    for (byte symbol : text) {
      counts[Byte.toUnsignedInt(symbol)]++;
    }
    int[] frequent = new int[BYTES];
    int found = 0;
    for (int symbol = 0; symbol < BYTES; symbol++) {
      if (counts[symbol] * 50 > text.length) {
        frequent[found++] = symbol;
      }
    }
    assertThat(found).isGreaterThan(10);
    assertThat(counts[' ']).isGreaterThan(text.length / 6);
    return Arrays.copyOf(frequent, found);
  }

  /** Norm of the difference over the norm of the exact values, over a range of them. */
  private static double relativeError(float[] exact, float[] rounded, int from, int to) {
    double difference = 0;
    double norm = 0;
    for (int i = from; i < to; i++) {
      difference += Math.pow(rounded[i] - exact[i], 2);
      norm += Math.pow(exact[i], 2);
    }
    return Math.sqrt(difference / norm);
  }
}
