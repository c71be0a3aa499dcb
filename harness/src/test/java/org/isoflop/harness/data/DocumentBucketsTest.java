package org.isoflop.harness.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.data.formats.CorpusSource;
import org.isoflop.harness.data.tokenizers.ByteTokenizer;
import org.isoflop.harness.data.tokenizers.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DocumentBucketsTest {

  private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 1000, 1 << 26})
  void allDocumentsComeBackByHashHoweverManyFitTheMemory(int mostInMemory) {
    TreeMap<ContentHash, byte[]> expected = new TreeMap<>();
    Random random = new Random(1);
    try (DocumentBuckets buckets =
        new DocumentBuckets(() -> new PieceFile(file()), mostInMemory, FOREVER)) {
      for (int i = 0; i < 3000; i++) {
        byte[] tokens = new byte[random.nextInt(40)];
        random.nextBytes(tokens);
        ContentHash hash = ContentHash.of(("document " + i).getBytes(StandardCharsets.UTF_8));
        expected.put(hash, tokens);
        assertThat(buckets.add(hash, tokens)).isTrue();
        assertThat(buckets.add(hash, tokens)).isFalse();
      }
      for (int time = 0; time < 2; time++) {
        List<ContentHash> hashes = new ArrayList<>();
        List<byte[]> tokens = new ArrayList<>();
        buckets
            .sorted(any -> true)
            .forEachRemaining(
                document -> {
                  hashes.add(document.hash());
                  tokens.add(document.tokens());
                });
        assertThat(hashes).containsExactlyElementsOf(expected.keySet());
        ContentHash third = hashes.get(2);
        assertThat(buckets.sorted(third::equals).next().tokens()).isEqualTo(expected.get(third));
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
            },
            1 << 20,
            FOREVER);
    ContentHash hash = ContentHash.of(new byte[] {1});
    buckets.add(hash, new byte[] {1, 2});
    assertThat(buckets.sorted(any -> true).next().hash()).isEqualTo(hash);
  }

  @Test
  void aFileThatIsCutOffIsNoticed() throws IOException {
    try (FileChannel file = file();
        DocumentBuckets buckets = new DocumentBuckets(() -> new PieceFile(file), 1, FOREVER)) {
      buckets.add(ContentHash.of(new byte[] {1}), new byte[100]);
      file.truncate(60);
      assertThatThrownBy(() -> buckets.sorted(any -> true).next())
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("cut off at 60");
    }
  }

  @Test
  void whatWasWrittenWholeIsNotEncodedAgain() throws IOException {
    Path path = folder.resolve("new/unfinished");
    List<byte[]> texts = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      texts.add(("document " + i).repeat(1 + i % 5).getBytes(StandardCharsets.UTF_8));
    }
    try (DocumentBuckets first = DocumentBuckets.goingOn(path, "bytes", 1000, FOREVER)) {
      assertThat(path).doesNotExist();
      texts.subList(0, 200).forEach(text -> first.add(ContentHash.of(text), text));
      assertThatThrownBy(() -> DocumentBuckets.goingOn(path, "bytes", 1000, FOREVER))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("another process is writing it");
    }
    byte[] whole = Files.readAllBytes(path);
    for (int cut : new int[] {0, 1, 7, 50, whole.length - 1, whole.length}) {
      Files.write(path, Arrays.copyOf(whole, whole.length - cut));
      try (DocumentBuckets next = DocumentBuckets.goingOn(path, "bytes", 1000, FOREVER)) {
        assertThat(next.documentsBefore()).isLessThan(201);
        assertThat(next.documentsBefore() > 150).isEqualTo(cut < 1000);
        TreeMap<ContentHash, byte[]> expected = new TreeMap<>();
        long encodedBefore = 0;
        for (byte[] text : texts.subList(100, 300)) { // half of what was there, in another order
          ContentHash hash = ContentHash.of(text);
          boolean isThere = next.before(hash).isPresent();
          assertThat(next.before(hash).orElse(text.length)).isEqualTo(text.length);
          encodedBefore += isThere ? 1 : 0;
          next.add(hash, isThere ? new byte[0] : text);
          expected.put(hash, text);
        }
        assertThat(encodedBefore > 50).isEqualTo(cut < 1000);
        assertThat(encodedBefore).isLessThan(101);
        assertThat(next.hashes()).containsExactlyElementsOf(expected.keySet());
        List<byte[]> found = new ArrayList<>();
        next.sorted(any -> true).forEachRemaining(document -> found.add(document.tokens()));
        assertThat(found)
            .usingElementComparator(Arrays::compare)
            .containsExactlyElementsOf(expected.values());
      }
    }
  }

  @Test
  void whatIsDamagedOrAnotherTokenizersIsEncodedAgain() throws IOException {
    Path path = folder.resolve("unfinished");
    byte[] text = {1, 2, 3};
    try (DocumentBuckets first = DocumentBuckets.goingOn(path, "gpt2", 1, FOREVER)) {
      first.add(ContentHash.of(text), text);
    }
    byte[] damaged = Files.readAllBytes(path);
    try (DocumentBuckets other = DocumentBuckets.goingOn(path, "bytes", 1, FOREVER)) {
      assertThat(other.documentsBefore()).isZero();
      assertThat(other.hashes()).isEmpty();
    }
    damaged[damaged.length - 1]++;
    Files.write(path, damaged);
    try (DocumentBuckets next = DocumentBuckets.goingOn(path, "gpt2", 1, FOREVER)) {
      assertThat(next.documentsBefore()).isZero();
    }
  }

  @Test
  void whatWaitsTooLongIsWritten() throws IOException {
    Path path = folder.resolve("unfinished");
    byte[] text = {1, 2, 3};
    try (DocumentBuckets first = DocumentBuckets.goingOn(path, "gpt2", 1 << 20, Duration.ZERO)) {
      first.add(ContentHash.of(text), text);
      assertThat(path).exists();
    }
    try (DocumentBuckets next = DocumentBuckets.goingOn(path, "gpt2", 1, FOREVER)) {
      assertThat(next.documentsBefore()).isOne();
    }
  }

  @Test
  void aReadingCutOffGoesOnAndStoresTheSame() throws IOException {
    Path text = Files.createDirectories(folder.resolve("text"));
    for (int i = 0; i < 100; i++) {
      Files.writeString(
          text.resolve(i + ".txt"), ("the words of document " + i + ". ").repeat(2000));
    }
    CorpusSource source = TestFiles.source(0.1, text);
    Path whole = folder.resolve("whole");
    TestFiles.store(source, new ByteTokenizer(), whole);
    Path path = folder.resolve("cut-off").resolve(TokenStore.UNFINISHED);
    AtomicInteger encoded = new AtomicInteger();
    assertThatThrownBy(() -> read(source, path, countingUpTo(60, encoded)))
        .hasMessageContaining("enough");
    encoded.set(0);
    try (CorpusReading reading = read(source, path, countingUpTo(1000, encoded))) {
      reading.store(path.getParent(), "bytes", false);
    }
    assertThat(encoded.get()).isBetween(1, 99);
    assertThat(path).doesNotExist();
    for (String file : List.of("train-0.bin", "validation-0.bin")) {
      assertThat(path.resolveSibling(file)).hasSameBinaryContentAs(whole.resolve(file));
    }
    assertThat(TokenStore.open(path.getParent()).statistics())
        .isEqualTo(TokenStore.open(whole).statistics());
  }

  private static CorpusReading read(CorpusSource source, Path path, Tokenizer tokenizer) {
    return CorpusReading.keeping(
        CorpusFiles.of(source, Set.of()),
        NearDuplicates.NONE,
        tokenizer,
        DocumentBuckets.goingOn(path, tokenizer.identity(), 1, FOREVER),
        TestFiles.NO_CACHE,
        CorpusReading.Progress.NONE);
  }

  /** Bytes, until there were so many documents. */
  private static Tokenizer countingUpTo(int most, AtomicInteger encoded) {
    return TestFiles.bytes(
        () -> {
          if (encoded.incrementAndGet() > most) {
            throw new IllegalStateException("enough");
          }
        });
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
    assertThat(hashes).allMatch(seen::contains);
    assertThat(seen.contains(zero)).isFalse();
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
