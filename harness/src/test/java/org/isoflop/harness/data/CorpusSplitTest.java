package org.isoflop.harness.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.isoflop.harness.data.formats.LeftOut;
import org.isoflop.harness.data.tokenizers.ByteTokenizer;
import org.isoflop.harness.data.windows.Tokens;

/** What holds for the split of any corpus. */
final class CorpusSplitTest {

  /** Documents that make sure that both sides have one at a fraction of a half. */
  private static final List<String> BOTH_SIDES = List.of("eta\n", "alpha\n");

  @Property(tries = 25)
  void addingFilesMovesNoDocumentAndNoneIsOnBothSides(
      @ForAll @Size(max = 20) Set<@IntRange(max = 40) Integer> first,
      @ForAll @Size(max = 20) Set<@IntRange(max = 40) Integer> added) {
    TestFiles.inTemporaryFolder(
        folder -> {
          writeAll(folder.resolve("first"), first);
          writeAll(folder.resolve("added"), added);
          TokenStore before = store(folder.resolve("1"), folder.resolve("first"));
          TokenStore after =
              store(folder.resolve("2"), folder.resolve("first"), folder.resolve("added"));
          assertThat(documents(after.train())).containsAll(documents(before.train()));
          assertThat(documents(after.validation())).containsAll(documents(before.validation()));
          assertThat(documents(after.train()))
              .doesNotContainAnyElementsOf(documents(after.validation()));
          Set<Integer> union = new HashSet<>(first);
          union.addAll(added);
          assertThat(after.statistics().documents()).isEqualTo(union.size() + BOTH_SIDES.size());
          int duplicates = first.size() + added.size() - union.size() + BOTH_SIDES.size();
          assertThat(after.statistics().leftOut())
              .isEqualTo(Map.of(LeftOut.DUPLICATE, (long) duplicates));
          return after;
        });
  }

  @Property(tries = 15)
  void contentAloneMakesTheTokenFiles(
      @ForAll @Size(max = 12) List<@IntRange(max = 30) Integer> documents) {
    TestFiles.inTemporaryFolder(
        folder -> {
          Set<Integer> distinct = new HashSet<>(documents);
          Path plain = folder.resolve("plain");
          writeAll(plain, distinct);
          Map<String, String> entries = new LinkedHashMap<>();
          for (int i = documents.size() - 1; i >= 0; i--) {
            entries.put("deep/er/" + (documents.size() - i) + ".md", content(documents.get(i)));
          }
          BOTH_SIDES.forEach(text -> entries.put("other " + text.strip(), text));
          Path archive = TestFiles.zip(folder.resolve("archive.zip"), entries);
          TokenStore one =
              TestFiles.store(
                  TestFiles.source(0.5, plain), new ByteTokenizer(), folder.resolve("1"));
          TokenStore two =
              TestFiles.store(
                  TestFiles.source(0.5, archive), new ByteTokenizer(), folder.resolve("2"));
          assertThat(text(two.train())).isEqualTo(text(one.train()));
          assertThat(text(two.validation())).isEqualTo(text(one.validation()));
          assertThat(two.statistics().hash()).isEqualTo(one.statistics().hash());
          assertThat(two.statistics().bigramNats()).isEqualTo(one.statistics().bigramNats());
          return one;
        });
  }

  @Property
  void aLargerFractionKeepsWhatASmallerOneHeldOut(
      @ForAll byte[] document,
      @ForAll @DoubleRange(min = 0.01, max = 0.5) double one,
      @ForAll @DoubleRange(min = 0.01, max = 0.5) double other) {
    ContentHash hash = ContentHash.of(document);
    if (hash.isValidation(Math.min(one, other))) {
      assertThat(hash.isValidation(Math.max(one, other))).isTrue();
    }
  }

  @Property(tries = 4)
  void theFractionIsMetInTheLongRun(
      @ForAll @DoubleRange(min = 0.01, max = 0.5) double fraction, @ForAll int salt) {
    int documents = 10_000;
    int heldOut = 0;
    for (int i = 0; i < documents; i++) {
      byte[] text = (salt + " " + i).getBytes(StandardCharsets.UTF_8);
      heldOut += ContentHash.of(text).isValidation(fraction) ? 1 : 0;
    }
    double deviation = Math.sqrt(fraction * (1 - fraction) / documents);
    assertThat((double) heldOut / documents)
        .isBetween(fraction - 6 * deviation, fraction + 6 * deviation);
  }

  private static void writeAll(Path folder, Set<Integer> documents) {
    for (int number : documents) {
      TestFiles.text(folder.resolve(number + ".txt"), content(number));
    }
    BOTH_SIDES.forEach(text -> TestFiles.text(folder.resolve("both " + text.strip()), text));
  }

  private static String content(int number) {
    return "document " + number + "\n";
  }

  private static TokenStore store(Path store, Path... files) {
    return TestFiles.store(TestFiles.source(0.5, files), new ByteTokenizer(), store);
  }

  private static Set<String> documents(Tokens tokens) {
    return Set.of(text(tokens).substring(1).split("\0", -1));
  }

  /** All tokens of a split; the documents here are ASCII, so that each is a character. */
  private static String text(Tokens tokens) {
    int[] all = tokens.read((int) tokens.count(), 0);
    return new String(all, 0, all.length);
  }
}
