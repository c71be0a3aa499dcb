package org.isoflop.harness.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DocumentBucketsTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 1000, 1 << 26})
  void allDocumentsComeBackByHashHoweverManyFitTheMemory(int mostInMemory) {
    TreeMap<ContentHash, byte[]> expected = new TreeMap<>();
    Random random = new Random(1);
    try (DocumentBuckets buckets = new DocumentBuckets(this::file, mostInMemory)) {
      for (int i = 0; i < 3000; i++) {
        byte[] tokens = new byte[random.nextInt(40)];
        random.nextBytes(tokens);
        ContentHash hash = ContentHash.of(("document " + i).getBytes(StandardCharsets.UTF_8));
        expected.put(hash, tokens);
        buckets.add(hash, tokens);
      }
      for (int time = 0; time < 2; time++) {
        List<ContentHash> hashes = new ArrayList<>();
        List<byte[]> tokens = new ArrayList<>();
        buckets
            .sorted()
            .forEachRemaining(
                document -> {
                  hashes.add(document.hash());
                  tokens.add(document.tokens());
                });
        assertThat(hashes).containsExactlyElementsOf(expected.keySet());
        assertThat(buckets.hashes()).containsExactlyElementsOf(expected.keySet());
        assertThat(tokens)
            .usingElementComparator(Arrays::compare)
            .containsExactlyElementsOf(expected.values());
      }
    }
  }

  @Test
  void whatFitsTheMemoryMakesNoFile() {
    DocumentBuckets buckets =
        new DocumentBuckets(
            () -> {
              throw new AssertionError("a file was made");
            });
    ContentHash hash = ContentHash.of(new byte[] {1});
    buckets.add(hash, new byte[] {1, 2});
    assertThat(buckets.sorted().next().hash()).isEqualTo(hash);
  }

  @Test
  void aFileThatIsCutOffIsNoticed() throws IOException {
    try (FileChannel file = file();
        DocumentBuckets buckets = new DocumentBuckets(() -> file, 1)) {
      buckets.add(ContentHash.of(new byte[] {1}), new byte[100]);
      file.truncate(60);
      assertThatThrownBy(() -> buckets.sorted().next())
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("cut off at 60");
    }
  }

  @Test
  void aSetKnowsWhatItHasSeen() {
    DocumentSet seen = new DocumentSet();
    List<ContentHash> hashes = new ArrayList<>();
    for (int i = 0; i < 50_000; i++) {
      hashes.add(ContentHash.of(("document " + i).getBytes(StandardCharsets.UTF_8)));
    }
    assertThat(hashes).allMatch(seen::add);
    Collections.reverse(hashes);
    assertThat(hashes).noneMatch(seen::add);
    assertThat(seen.size()).isEqualTo(50_000);
    ContentHash zero = new ContentHash(0, 0, 0, 0);
    assertThat(seen.add(zero)).isTrue();
    assertThat(seen.add(zero)).isFalse();
  }

  private FileChannel file() {
    try {
      return FileChannel.open(
          folder.resolve("kept"),
          StandardOpenOption.CREATE,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
