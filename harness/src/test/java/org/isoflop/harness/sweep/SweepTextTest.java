package org.isoflop.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Cache;
import org.isoflop.harness.config.CorpusConfig;
import org.isoflop.harness.data.CorpusStatistics;
import org.isoflop.harness.data.TokenStore;
import org.isoflop.harness.data.formats.LeftOut;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a sweep's text: in its folder, in another's, and when the corpus changes. */
final class SweepTextTest {

  @TempDir private Path folder;

  private SweepFolder sweep;
  private String tokenizer = "bytes";
  private String heldOutAsIn = "";

  @BeforeEach
  void writeCorpus() throws IOException {
    Files.createDirectories(folder.resolve("in"));
    for (int i = 0; i < 40; i++) {
      Files.writeString(folder.resolve("in/" + i + ".txt"), "Text number " + i + ".\n");
    }
    sweep = new SweepFolder(folder.resolve("in/runs/mine"));
  }

  @Test
  void theTextIsTheSameBeforeAndAfterItsTokensAreMade() throws IOException {
    Files.writeString(folder.resolve("in/mine.yaml"), "name: mine");
    CorpusStatistics measured = text(sweep, 0.2).measure();
    assertThat(measured.documents()).isEqualTo(40);
    assertThat(measured.leftOut()).isEqualTo(Map.of(LeftOut.OF_SWEEPS, 1L));
    try (Stream<Path> made = Files.list(folder.resolve("in"))) {
      assertThat(made).as("measuring writes nothing").hasSize(41);
    }
    begin(sweep, 0.2);
    assertThat(text(sweep, 0.2).measure()).isEqualTo(measured);
    try (SweepText.Opened again = text(sweep, 0.2).open()) {
      assertThat(again.statistics()).isEqualTo(measured);
      assertThat(again.tokens(sweep.tokens()).statistics()).isEqualTo(measured);
    }
  }

  @Test
  void aTextChangedSinceIsSaidAndTheOldOneTrainedOn() throws IOException {
    CorpusStatistics began = begin(sweep, 0.2);
    Files.writeString(folder.resolve("in/new.txt"), "something new");
    CorpusStatistics now = text(sweep, 0.2).measure();
    assertThat(now.hash()).isEqualTo(began.hash());
    assertThat(now.warnings())
        .singleElement()
        .asString()
        .contains("has changed since this sweep began (40 documents then, 41 now)");
  }

  @Test
  void tokensOfAChangedTextAreNotPutBesideThePointsOfTheOldOne() throws IOException {
    CorpusStatistics began = begin(sweep, 0.2);
    delete(sweep.tokens());
    assertThat(begin(sweep, 0.2).hash()).as("the same text, read again").isEqualTo(began.hash());

    delete(sweep.tokens());
    Files.writeString(folder.resolve("in/0.txt"), "something else");
    assertRefused("the text has changed since this sweep began, and its tokens are gone");
    assertThat(sweep.tokens()).doesNotExist();
  }

  @Test
  void tokensOfAnotherSweepAreRefused() throws IOException {
    begin(sweep, 0.2);
    SweepFolder other = new SweepFolder(folder.resolve("other"));
    begin(other, 0.3);
    delete(sweep.tokens());
    Files.move(other.tokens(), sweep.tokens());
    assertRefused("holds the tokens of another corpus");

    delete(sweep.tokens());
    delete(other.path());
    Files.writeString(folder.resolve("in/0.txt"), "something else");
    begin(other, 0.2);
    Files.move(other.tokens(), sweep.tokens());
    assertRefused("holds the tokens of another text than the one this sweep has trained on");
  }

  @Test
  void textAddedWithTheHeldOutPinnedLeavesItAsItWasToTheByte() throws IOException {
    SweepFolder first = new SweepFolder(folder.resolve("first"));
    CorpusStatistics began = begin(first, 0.2);
    heldOutAsIn = first.path().toString();
    for (int i = 0; i < 100; i++) {
      Files.writeString(folder.resolve("in/more" + i), "Added text, number " + i + ".");
    }
    SweepFolder grown = new SweepFolder(folder.resolve("grown"));
    CorpusStatistics more = begin(grown, 0);
    assertThat(more.trainDocuments()).isEqualTo(began.trainDocuments() + 100);
    assertThat(more.validationHash()).isEqualTo(began.validationHash());
    assertThat(more.hash()).isNotEqualTo(began.hash());
    assertThat(grown.tokens().resolve("validation-0.bin"))
        .hasSameBinaryContentAs(first.tokens().resolve("validation-0.bin"));

    delete(grown.tokens());
    heldOutAsIn = "";
    SweepFolder other = new SweepFolder(folder.resolve("another"));
    begin(other, 0.4);
    heldOutAsIn = other.path().toString();
    assertThatThrownBy(() -> text(grown, 0).measure())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("the held-out text has changed since this sweep began");
  }

  @Test
  void aTokenizerThatIsGoneIsSaidAndItsTokensTrainedOn() throws IOException {
    Path file = copyOfTokenizer();
    CorpusStatistics began = begin(sweep, 0.2);
    SweepText before = text(sweep, 0.2);
    Files.delete(file);
    SweepText after = text(sweep, 0.2);
    assertThat(after.measure().hash()).isEqualTo(began.hash());
    assertThat(after.measure().warnings())
        .singleElement()
        .asString()
        .contains("The tokenizer this sweep began with (", "it goes on with the tokens it has");
    assertThat(after.vocabulary()).isEqualTo(before.vocabulary()).isEqualTo(512);
    assertThat(after.tokenizerIdentity()).isEqualTo(before.tokenizerIdentity());

    delete(sweep.tokens());
    assertRefused("there is no such file");
  }

  @Test
  void aTokenizerThatHasChangedIsRefused() throws IOException {
    Path file = copyOfTokenizer();
    begin(sweep, 0.2);
    String json = Files.readString(file);
    Files.writeString(
        file, json.replace("\"add_prefix_space\":false", "\"add_prefix_space\":true"));
    assertRefused("this sweep began with another tokenizer (tokenizer.json sha256:");

    delete(sweep.tokens());
    assertRefused("the tokenizer has changed since this sweep began, and its tokens are gone");
  }

  @Test
  void tokensOfAnotherTokenizerAreRefused() throws IOException {
    tokenizer = "gpt2";
    begin(sweep, 0.2);
    Path aside = Files.move(sweep.tokens(), folder.resolve("aside"));
    Files.delete(sweep.environment());
    copyOfTokenizer();
    begin(sweep, 0.2);
    delete(sweep.tokens());
    Files.move(aside, sweep.tokens());
    assertRefused("holds the tokens of another tokenizer (gpt2 sha256:");
  }

  private Path copyOfTokenizer() throws IOException {
    Path file = folder.resolve("mine.json");
    Files.copy(Path.of("src/test/resources/tokenizers/bpe-512.json"), file);
    tokenizer = file.toString();
    return file;
  }

  /** What a sweep does before it trains, as far as its text goes. */
  private CorpusStatistics begin(SweepFolder where, double fraction) throws IOException {
    try (SweepText.Opened opened = text(where, fraction).open()) {
      TokenStore tokens = opened.tokens(where.tokens());
      String hash = tokens.statistics().hash();
      Files.writeString(
          where.environment(),
          """
          {"precision": "float32", "tokenizer_identity": "%s",
          "corpus": {"hash": "%s", "validation_hash": "%s", "train_tokens": 9}}
          """
              .formatted(tokens.tokenizer(), hash, tokens.statistics().validationHash()));
      return tokens.statistics();
    }
  }

  private SweepText text(SweepFolder where, double fraction) {
    CorpusConfig corpus =
        new CorpusConfig(
            List.of(folder.resolve("in").toString()),
            List.of("**"),
            "text",
            tokenizer,
            "",
            fraction,
            List.of(),
            heldOutAsIn,
            0,
            "");
    return new SweepText(
        corpus, folder.resolve("in/mine.yaml"), where, new Cache(folder.resolve("cache")));
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> text(sweep, 0.2).measure())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(message);
    assertThatThrownBy(() -> text(sweep, 0.2).open())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(message);
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
