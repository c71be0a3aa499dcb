package org.isoflop.harness.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.data.formats.CorpusSource;
import org.isoflop.harness.data.formats.LeftOut;
import org.isoflop.harness.data.tokenizers.ByteTokenizer;
import org.isoflop.harness.data.windows.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Duplicates of three kinds, planted on both sides of the split. */
final class NearDuplicatesTest {

  private static final int BASES = 60;

  @TempDir private Path folder;

  private CorpusSource source(double similarity, Path... files) {
    return source(0.4, "", similarity, files);
  }

  private static CorpusSource source(
      double fraction, String validation, double similarity, Path... files) {
    return new CorpusSource(
        Stream.of(files).map(Path::toString).toList(),
        List.of(),
        "text",
        "",
        fraction,
        validation.isEmpty() ? List.of() : List.of(validation),
        "",
        similarity);
  }

  private static Set<String> documents(Tokens tokens) {
    int[] all = tokens.read((int) tokens.count(), 0);
    return Set.of(new String(all, 1, all.length - 1).split("\0", -1));
  }

  private static List<String> words(String document) {
    return List.of(document.split("\\s+"));
  }

  /** Counts documents to train on that are as similar as that to one held out. */
  private static long leaks(TokenStore store, double similarity) {
    Map<List<String>, List<String>> byRun = new HashMap<>();
    documents(store.validation()).stream()
        .map(NearDuplicatesTest::words)
        .forEach(held -> PlantedTexts.runs(held).forEach(run -> byRun.put(run, held)));
    return documents(store.train()).stream()
        .map(NearDuplicatesTest::words)
        .filter(
            train ->
                PlantedTexts.runs(train).stream()
                    .map(byRun::get)
                    .filter(Objects::nonNull)
                    .distinct()
                    .anyMatch(held -> PlantedTexts.jaccard(train, held) >= similarity))
        .count();
  }

  /** Of each text one that is equal, one with other ends of lines, and one that is nearly it. */
  private List<String> plant(int bases, int changes) {
    PlantedTexts texts = new PlantedTexts(1);
    List<String> planted = new ArrayList<>();
    for (int i = 0; i < bases; i++) {
      List<String> base = texts.words(204);
      String lines = String.join("\n", base);
      planted.add(lines);
      planted.add(lines);
      planted.add("  \n" + lines.replace("\n", "\r\n") + " \r\n\r\n");
      planted.add(String.join("\n", texts.changed(base, changes)));
    }
    return planted;
  }

  private Path write(String name, List<String> texts) {
    Path into = folder.resolve(name);
    for (int i = 0; i < texts.size(); i++) {
      TestFiles.text(into.resolve(i + ".txt"), texts.get(i));
    }
    return into;
  }

  @Test
  void equalOnesOtherLineEndsAndNearOnesAreFoundAcrossTheSplit() {
    Path in = write("in", plant(BASES, 2));
    TokenStore exact = TestFiles.store(source(0, in), new ByteTokenizer(), folder.resolve("exact"));
    assertThat(exact.statistics().leftOut()).isEqualTo(Map.of(LeftOut.DUPLICATE, 2L * BASES));
    assertThat(leaks(exact, 0.9)).as("planted across the split").isGreaterThan(20);

    TokenStore near = TestFiles.store(source(0.8, in), new ByteTokenizer(), folder.resolve("near"));
    CorpusStatistics found = near.statistics();
    assertThat(found.leftOut().get(LeftOut.NEAR_DUPLICATE)).isEqualTo(BASES);
    assertThat(found.documents()).isEqualTo(BASES);
    assertThat(leaks(near, 0.9)).isZero();
    assertThat(found.nearDuplicates()).hasSize(5);
    for (CorpusStatistics.NearDuplicate left : found.nearDuplicates()) {
      assertThat(left.document()).startsWith(in + "/").isNotEqualTo(left.of());
      assertThat(left.of()).startsWith(in + "/");
      assertThat(left.similarity()).isBetween(0.8, 1.0);
      assertThat(left.begins()).matches("w\\d+ (w\\d+ )*.*").hasSizeBetween(70, 80);
    }
    assertThat(TestFiles.measure(source(0.8, in))).isEqualTo(found);
    assertThat(TokenStore.open(folder.resolve("near")).statistics()).isEqualTo(found);
  }

  @Test
  void whichOneStaysIsNoMatterOfTheOrderOfFiles() throws IOException {
    List<String> planted = plant(BASES, 2);
    Path in = write("in", planted);
    TestFiles.store(source(0.8, in), new ByteTokenizer(), folder.resolve("one"));
    Collections.shuffle(planted, new Random(2));
    Path shuffled = write("shuffled", planted);
    TestFiles.store(source(0.8, shuffled), new ByteTokenizer(), folder.resolve("two"));
    for (String file : List.of("train-0.bin", "validation-0.bin", EarlierSplit.FILE)) {
      assertThat(folder.resolve("two").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("one").resolve(file));
    }
  }

  @Test
  void noneOfWhatIsHeldOutByNameIsLeftOut() {
    PlantedTexts texts = new PlantedTexts(3);
    List<String> base = texts.words(204);
    List<String> held = texts.words(204);
    Path validation =
        write(
            "validation",
            List.of(String.join(" ", held), String.join(" ", texts.changed(held, 1))));
    Path train =
        write(
            "train",
            List.of(
                String.join(" ", texts.changed(held, 2)),
                String.join(" ", base),
                String.join(" ", texts.changed(base, 1)),
                String.join(" ", texts.words(100))));
    CorpusSource source = source(0, validation.toString(), 0.8, train);
    TokenStore store = TestFiles.store(source, new ByteTokenizer(), folder.resolve("store"));
    assertThat(store.statistics().validationDocuments()).isEqualTo(2);
    assertThat(store.statistics().trainDocuments()).isEqualTo(2);
    assertThat(store.statistics().leftOut()).isEqualTo(Map.of(LeftOut.NEAR_DUPLICATE, 2L));
    assertThat(leaks(store, 0.5)).isZero();

    CorpusFiles files = CorpusFiles.of(source, Set.of());
    NearDuplicates near =
        NearDuplicates.of(files, new ByteTokenizer(), folder, CorpusReading.Progress.NONE);
    List<String> learnedFrom = new ArrayList<>();
    TrainDocuments.read(
        files,
        near,
        Long.MAX_VALUE,
        text -> learnedFrom.add(new String(text, StandardCharsets.UTF_8)));
    assertThat(learnedFrom).containsExactlyInAnyOrderElementsOf(documents(store.train()));
  }

  /** 200 texts with one more each, at similarities of 0.9 and, with more changes, 0.68. */
  @Test
  void findsWhatIsWellAboveTheThresholdAndNothingWellBelow() {
    assertThat(nearDuplicates(200, 2)).isEqualTo(200);
    assertThat(nearDuplicates(200, 8)).isZero();
  }

  private long nearDuplicates(int bases, int changes) {
    Path in = write("changed" + changes, plant(bases, changes));
    return TestFiles.measure(source(0.8, in)).leftOut().getOrDefault(LeftOut.NEAR_DUPLICATE, 0L);
  }

  @Test
  void textWithoutWordsIsNearNone() {
    Path in = write("in", List.of("!!!", "???", "+-+-+", "one word", "One WORD!", "some", "other"));
    CorpusStatistics found = TestFiles.measure(source(0.8, in));
    assertThat(found.leftOut()).isEqualTo(Map.of(LeftOut.NEAR_DUPLICATE, 1L));
    assertThat(found.nearDuplicates().get(0).begins().toLowerCase(Locale.ROOT))
        .startsWith("one word");
  }

  @Test
  void aTextThatChangesBetweenTheReadingsIsRefused() throws IOException {
    Path in = write("in", plant(10, 2));
    CorpusFiles files = CorpusFiles.of(source(0.8, in), Set.of());
    NearDuplicates near =
        NearDuplicates.of(files, new ByteTokenizer(), folder, CorpusReading.Progress.NONE);
    Files.writeString(in.resolve("0.txt"), "something else now");
    assertThatThrownBy(
            () ->
                CorpusReading.keeping(
                    files,
                    near,
                    new ByteTokenizer(),
                    DocumentBuckets.withoutName(folder),
                    TestFiles.NO_CACHE,
                    CorpusReading.Progress.NONE))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("has changed while it was read for near duplicates (20 documents");
  }

  @Test
  void aSimilarityThatIsNoneIsRefused() {
    for (double wrong : new double[] {-1, 0.2, 1, 80, Double.NaN}) {
      assertThatThrownBy(() -> source(wrong, folder))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("near_duplicates is ");
    }
  }
}
