package org.isoflop.harness.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.data.formats.CorpusSource;
import org.isoflop.harness.data.formats.LeftOut;
import org.isoflop.harness.data.tokenizers.ByteTokenizer;
import org.isoflop.harness.data.tokenizers.TokenizersTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The documents here have these SHA-256, as fractions: delta 0.310, zeta 0.362, eta 0.389, alpha
 * 0.558, gamma 0.745, beta 0.954; made with Python's hashlib.
 */
final class CorpusStatisticsTest {

  @TempDir Path folder;

  @Test
  void countsDocumentsTokensAndBytes() {
    TestFiles.text(folder.resolve("in/1"), "alpha\n");
    TestFiles.text(folder.resolve("in/2"), "gamma\n");
    TestFiles.text(folder.resolve("in/3"), "beta\n");
    TestFiles.text(folder.resolve("in/4"), "delta\n");
    TestFiles.text(folder.resolve("in/empty"), "");
    TestFiles.text(folder.resolve("in/binary"), "be\0ta\n");
    TestFiles.zip(folder.resolve("more.jar"), Map.of("again", "alpha\n", "delta too", "delta\n"));
    CorpusStatistics measured = measure(0.5, folder.resolve("in"), folder.resolve("more.jar"));
    assertThat(measured)
        .usingRecursiveComparison()
        .ignoringFields("unigramNats", "bigramNats", "warnings")
        .isEqualTo(
            new CorpusStatistics(
                4,
                3,
                1,
                Map.of(LeftOut.DUPLICATE, 2L, LeftOut.EMPTY, 1L, LeftOut.BINARY, 1L),
                0,
                17,
                6,
                14,
                5,
                0,
                0,
                // sha256 over the four documents' sha256, sorted; made with Python's hashlib.
                "011199ecd07ccaacb637e330eda2a4041e5a61a08fba7031e6f53f7d5fa5f58c",
                // The same of delta, which alone is held out.
                "56cf8d431627b2e94aa9d473239ed635a566c4bc5688a4b618908d091301a50b",
                List.of(),
                List.of()));
    assertThat(measured.tokensPerByte()).isCloseTo(6 / 5.0, within(1e-12));
    assertThat(measured.bitsPerByte(Math.log(2))).isCloseTo(6 / 5.0, within(1e-12));
  }

  /**
   * By hand: "a model of tokens", which is held out, has 17 bytes, the tokens "a", " model", " of"
   * and " tokens", and a separator: at a bit a token 5 bits over 17 bytes; as bytes, 18.
   */
  @Test
  void bitsPerByteCountTheTokenizersTokensAndTheSeparators() {
    TestFiles.text(folder.resolve("in/1"), "a model of tokens\n");
    TestFiles.text(folder.resolve("in/2"), "so many tokens\n");
    CorpusSource source = TestFiles.source(0.5, folder.resolve("in"));
    CorpusStatistics bpe =
        TestFiles.store(source, TokenizersTest.named("bpe-512.json"), folder.resolve("store"))
            .statistics();
    assertThat(bpe.validationBytes()).isEqualTo(17);
    assertThat(bpe.validationTokens()).isEqualTo(5);
    assertThat(bpe.trainTokens()).isEqualTo(5);
    assertThat(bpe.bitsPerByte(Math.log(2))).isCloseTo(5 / 17.0, within(1e-12));
    assertThat(TestFiles.measure(source).bitsPerByte(Math.log(2)))
        .isCloseTo(18 / 17.0, within(1e-12));
  }

  @Test
  void entropiesAreThoseOfTheTrainSplitAlone() {
    TestFiles.text(folder.resolve("eta"), "eta\n");
    TestFiles.text(folder.resolve("gamma"), "gamma\n");
    // In border g a m m a border: a goes to m and border, m to m and a; six pairs in all.
    assertThat(measure(0.5, folder).bigramNats()).isCloseTo(4 * Math.log(2) / 6, within(1e-12));
    // a and m twice of six bytes, g and the border once.
    assertThat(measure(0.5, folder).unigramNats())
        .isCloseTo((4 * Math.log(3) + 2 * Math.log(6)) / 6, within(1e-12));
  }

  @Test
  void measuringGivesWhatBuildingStores() {
    TestFiles.text(folder.resolve("in/a"), "alpha\n");
    TestFiles.text(folder.resolve("in/b"), "eta\n");
    CorpusSource source = TestFiles.source(0.4, folder.resolve("in"));
    assertThat(TestFiles.measure(source))
        .isEqualTo(
            TestFiles.store(source, new ByteTokenizer(), folder.resolve("store")).statistics());
  }

  @Test
  void refusesASplitWithoutDocuments() {
    TestFiles.text(folder.resolve("a"), "alpha\n");
    TestFiles.text(folder.resolve("b"), "beta\n");
    assertThatThrownBy(() -> measure(0.25, folder))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("none of 2 distinct documents fell to the validation split")
        .hasMessageContaining("validation_fraction 0.25");
    Path eta = TestFiles.text(folder.resolve("eta"), "eta\n");
    Path zeta = TestFiles.text(folder.resolve("zeta"), "zeta\n");
    assertThatThrownBy(() -> measure(0.5, eta, zeta))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("none of 2 distinct documents fell to the train split");
  }

  @Test
  void ofOneDocumentNoFractionMakesTwoSides() {
    Path eta = TestFiles.text(folder.resolve("eta"), "eta\n");
    assertThatThrownBy(() -> measure(0.5, eta))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("has one document, which cannot be in both splits")
        .hasMessageContaining("corpus.document_separator")
        .hasMessageNotContaining("fraction");
  }

  @Test
  void aFewLongFilesAreCutIntoBlocksAndThatIsSaid() {
    StringBuilder text = new StringBuilder();
    for (int line = 0; line < 20_000; line++) {
      text.append("line ").append(line).append('\n');
    }
    Path one = TestFiles.text(folder.resolve("one.txt"), text.toString());
    CorpusStatistics measured = measure(0.1, one);
    assertThat(measured.documents()).isBetween(50L, 60L);
    assertThat(measured.warnings())
        .singleElement(InstanceOfAssertFactories.STRING)
        .startsWith("Cut into " + measured.documents() + " blocks")
        .contains("one.txt; a corpus.document_separator would");
  }

  @Test
  void documentsThatNoReaderCouldTellApartAreOne() throws IOException {
    Charset utf16 = StandardCharsets.UTF_16LE;
    TestFiles.text(folder.resolve("in/unix"), "alpha\nbeta\n");
    TestFiles.text(folder.resolve("in/windows"), "alpha\r\nbeta\r\n");
    TestFiles.text(folder.resolve("in/old mac"), "alpha\rbeta");
    TestFiles.text(folder.resolve("in/blanks"), "\n\n  alpha\nbeta \t\n\n");
    TestFiles.text(folder.resolve("in/marked"), "\ufeffalpha\nbeta");
    for (Charset charset : List.of(utf16, StandardCharsets.UTF_16BE, Charset.forName("UTF-32LE"))) {
      Files.write(folder.resolve("in/" + charset), "\ufeffalpha\nbeta".getBytes(charset));
    }
    TestFiles.text(folder.resolve("in/eta"), "eta");
    TestFiles.text(folder.resolve("in/gamma"), "gamma");
    CorpusStatistics measured = measure(0.5, folder.resolve("in"));
    assertThat(measured.documents()).isEqualTo(3);
    assertThat(measured.leftOut()).isEqualTo(Map.of(LeftOut.DUPLICATE, 7L));
    assertThat(measured.warnings()).isEmpty();
  }

  @Test
  void manyUnreadableFilesAreAWarningThatNamesOne() throws IOException {
    for (int i = 0; i < 20; i++) {
      TestFiles.text(folder.resolve("in/" + i), "text " + i);
    }
    assertThat(measure(0.5, folder).warnings()).isEmpty();
    for (int i = 0; i < 10; i++) {
      Files.write(
          folder.resolve("in/latin" + i), ("\u00fc " + i).getBytes(StandardCharsets.ISO_8859_1));
      Files.write(folder.resolve("in/wide" + i), ("wide " + i).getBytes(StandardCharsets.UTF_16LE));
    }
    CorpusStatistics measured = measure(0.5, folder);
    assertThat(measured.notUtf8()).isEqualTo(10);
    assertThat(measured.leftOut()).isEqualTo(Map.of(LeftOut.BINARY, 10L));
    assertThat(measured.warnings()).hasSize(2);
    assertThat(measured.warnings().get(0))
        .startsWith("10 of 40 documents were left out as binary, such as ")
        .contains("in/wide0 (UTF-16 or UTF-32 without a byte order mark, convert it");
    assertThat(measured.warnings().get(1))
        .startsWith("10 of 30 documents are not UTF-8, such as ")
        .contains("in/latin0;");
  }

  @Test
  void linksAreSaid() throws IOException {
    TestFiles.text(folder.resolve("in/eta"), "eta");
    TestFiles.text(folder.resolve("in/gamma"), "gamma");
    Files.createSymbolicLink(folder.resolve("in/gone"), folder.resolve("nowhere"));
    CorpusStatistics measured = measure(0.5, folder.resolve("in"));
    assertThat(measured.leftOut()).isEqualTo(Map.of(LeftOut.LINKED, 1L));
    assertThat(measured.warnings()).hasSize(1);
    assertThat(measured.warnings().get(0)).startsWith("Not followed").contains("in/gone;");
  }

  @Test
  void refusesACorpusWithoutText() {
    TestFiles.text(folder.resolve("in/empty"), "");
    TestFiles.zip(folder.resolve("in/a.jar"), Map.of("a", "alpha"));
    assertThatThrownBy(() -> measure(0.5, folder.resolve("in")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("all 2 files")
        .hasMessageContaining("a.jar (a zip archive, name it in corpus.files, as with **/*.zip)");
  }

  private static CorpusStatistics measure(double fraction, Path... files) {
    return TestFiles.measure(TestFiles.source(fraction, files));
  }
}
