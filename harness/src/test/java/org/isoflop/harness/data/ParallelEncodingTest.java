package org.isoflop.harness.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntConsumer;
import org.isoflop.harness.data.ParallelEncoding.Made;
import org.isoflop.harness.data.formats.DocumentLocation;
import org.isoflop.harness.data.tokenizers.ByteTokenizer;
import org.isoflop.harness.data.tokenizers.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ParallelEncodingTest {

  private static final DocumentLocation SOMEWHERE = DocumentLocation.ofFile(Path.of("somewhere"));

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void documentsComeOutAsTheyWentInWhateverTheThreads(int threads) {
    List<byte[]> texts = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      texts.add(("document " + i + " ").repeat(1 + i % 700).getBytes(StandardCharsets.UTF_8));
    }
    List<ParallelEncoding.Encoded> taken = new ArrayList<>();
    try (ParallelEncoding encoding =
        new ParallelEncoding(
            new ByteTokenizer(), Made.TOKENS, threads, none -> OptionalInt.empty(), taken::add)) {
      texts.forEach(text -> encoding.add(SOMEWHERE, text));
      encoding.finish();
    }
    assertThat(taken).hasSize(texts.size());
    for (int i = 0; i < texts.size(); i++) {
      assertThat(taken.get(i).text()).isSameAs(texts.get(i));
      assertThat(taken.get(i).made()).isEqualTo(texts.get(i));
      assertThat(taken.get(i).hash()).isEqualTo(ContentHash.of(texts.get(i)));
    }
  }

  @Test
  void whatGoesWrongOnAThreadGoesWrongHere() {
    Tokenizer broken =
        new Tokenizer() {
          @Override
          public String identity() {
            return "broken";
          }

          @Override
          public int vocabulary() {
            return 10;
          }

          @Override
          public int separator() {
            return 0;
          }

          @Override
          public void encode(byte[] document, IntConsumer tokens) {
            tokens.accept(10);
          }

          @Override
          public byte[] decode(int[] tokens) {
            return new byte[0];
          }
        };
    try (ParallelEncoding encoding =
        new ParallelEncoding(broken, Made.TOKENS, 2, none -> OptionalInt.empty(), document -> {})) {
      encoding.add(SOMEWHERE, new byte[] {1});
      assertThatThrownBy(encoding::finish)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("token 10 of a vocabulary of 10");
    }
  }
}
