package org.isoflop.harness.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.isoflop.harness.Cache;
import org.isoflop.harness.data.formats.CorpusSource;
import org.isoflop.harness.data.tokenizers.ByteTokenizer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A corpus is read again when anything of it could have changed, and only then. */
final class CorpusMemoryTest {

  private static final Map<String, Change> CHANGES = changes();

  /** What is read with one half held out, and then with another share. */
  private static final String CUT = "cut";

  @TempDir private static Path settled;
  @TempDir private Path folder;

  /** How many documents have been read. */
  private int read;

  private interface Change {
    void in(Path corpus) throws IOException;
  }

  @BeforeAll
  static void layWhatHasSettled() throws IOException {
    for (String change : CHANGES.keySet()) {
      layCorpus(settled.resolve(change));
    }
    layCorpus(settled.resolve(CUT));
    settle();
  }

  private static Path layCorpus(Path corpus) throws IOException {
    TestFiles.text(corpus.resolve("a.txt"), "alpha beta\n");
    TestFiles.text(corpus.resolve("b.txt"), "eta theta\n");
    TestFiles.text(corpus.resolve("c.txt"), "gamma delta\n");
    for (int i = 0; i < 10; i++) {
      TestFiles.text(corpus.resolve("more/" + i), "text " + i);
    }
    TestFiles.zip(corpus.resolve("d.zip"), Map.of("e", "epsilon", "z", "zeta and more"));
    return corpus;
  }

  private static CorpusSource source(Path corpus) {
    return TestFiles.source(0.5, corpus, corpus.resolve("d.zip"));
  }

  private CorpusStatistics measure(CorpusSource source, Cache cache) {
    read = 0;
    return CorpusReading.measure(
        CorpusFiles.of(source, Set.of()), TestFiles.bytes(() -> read++), cache);
  }

  private static void overwrite(Path file, String text) throws IOException {
    FileTime before = Files.getLastModifiedTime(file);
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, before);
  }

  /** Until another change would move a file's time for certain. */
  private static void settle() {
    LockSupport.parkNanos(2_200_000_000L);
  }

  private static Map<String, Change> changes() {
    Map<String, Change> changes = new LinkedHashMap<>();
    changes.put("nothing", corpus -> {});
    changes.put("same size and time", corpus -> overwrite(corpus.resolve("a.txt"), "alpha bets\n"));
    changes.put(
        "an archive of the same size and time",
        corpus -> {
          FileTime before = Files.getLastModifiedTime(corpus.resolve("d.zip"));
          for (int i = 0; i < 10; i++) {
            TestFiles.text(corpus.resolve("more/" + i), "text " + i);
          }
          TestFiles.zip(corpus.resolve("d.zip"), Map.of("e", "epsilom", "z", "zeta and more"));
          Files.setLastModifiedTime(corpus.resolve("d.zip"), before);
        });
    changes.put("one more", corpus -> TestFiles.text(corpus.resolve("f.txt"), "phi\n"));
    changes.put("one less", corpus -> Files.delete(corpus.resolve("c.txt")));
    changes.put(
        "another name",
        corpus -> Files.move(corpus.resolve("c.txt"), corpus.resolve("renamed.txt")));
    changes.put("one left out", corpus -> TestFiles.text(corpus.resolve(".hidden"), "h\n"));
    return changes;
  }

  @Test
  void whatHasChangedIsReadAgainAndNothingElse() throws IOException {
    Cache cache = new Cache(folder.resolve("cache"));
    for (String change : CHANGES.keySet()) {
      CorpusSource source = source(settled.resolve(change));
      CorpusStatistics fresh = measure(source, cache);
      assertThat(read).isPositive();
      assertThat(measure(source, cache)).isEqualTo(fresh);
      assertThat(read).isZero();
      CHANGES.get(change).in(settled.resolve(change));
    }
    settle();
    for (String change : CHANGES.keySet()) {
      CorpusSource source = source(settled.resolve(change));
      CorpusStatistics now = measure(source, cache);
      assertThat(read > 0).as(change).isEqualTo(!change.equals("nothing"));
      assertThat(now).as(change).isEqualTo(TestFiles.measure(source));
    }
  }

  /** Its next change might leave the time as it is. */
  @Test
  void whatHasJustChangedIsNotRemembered() throws IOException {
    Cache cache = new Cache(folder.resolve("cache"));
    final long begin = System.nanoTime();
    CorpusSource source = source(layCorpus(folder.resolve("corpus")));
    measure(source, cache);
    measure(source, cache);
    assertThat(read > 0 || System.nanoTime() - begin > 1e9).isTrue();
  }

  @Test
  void whatAskedForAnotherCutOrFractionIsNotTheSame() throws IOException {
    Cache cache = new Cache(folder.resolve("cache"));
    Path corpus = settled.resolve(CUT);
    measure(source(corpus), cache);
    measure(TestFiles.source(0.4, corpus, corpus.resolve("d.zip")), cache);
    assertThat(read).isPositive();
    measure(TestFiles.source(" ", corpus, corpus.resolve("d.zip")), cache);
    assertThat(read).isPositive();
    measure(source(corpus), cache);
    assertThat(read).isZero();

    Path earlier = folder.resolve("earlier");
    CorpusSource asIn =
        new CorpusSource(
            source(corpus).files(), List.of(), "text", "", 0, List.of(), earlier.toString(), 0);
    TestFiles.store(source(corpus), new ByteTokenizer(), earlier);
    measure(asIn, cache);
    CorpusStatistics pinned = measure(asIn, cache);
    assertThat(read).isZero();
    TestFiles.store(
        TestFiles.source(0.3, corpus, corpus.resolve("d.zip")), new ByteTokenizer(), earlier);
    assertThat(measure(asIn, cache).validationHash()).isNotEqualTo(pinned.validationHash());
    assertThat(read).as("the earlier corpus holds out others now").isPositive();
  }

  /** Expected values by another program. */
  @Test
  void statisticsAreThoseOfTheText() throws IOException {
    Path corpus = layCorpus(folder.resolve("corpus"));
    TestFiles.text(corpus.resolve("g.txt"), "\ufeff  one\r\ntwo\rthree \u00fc\n\n");
    CorpusStatistics measured = TestFiles.measure(source(corpus));
    assertThat(measured.hash())
        .isEqualTo("a5fa90d311015473cb31a3d1aaa89147a9bf83e5db73dcb540e8a1e9eeabe8d3");
    assertThat(measured.trainTokens()).isEqualTo(49);
    assertThat(measured.validationTokens()).isEqualTo(93);
    assertThat(measured.unigramNats()).isCloseTo(2.025855261617517, within(1e-12));
    assertThat(measured.bigramNats()).isCloseTo(0.4760292157393147, within(1e-12));
  }
}
