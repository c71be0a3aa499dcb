package org.isoflop.harness.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Map;
import org.isoflop.harness.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The documents here have these SHA-256, as fractions: eta 0.084, zeta 0.127, delta 0.403, gamma
 * 0.682, alpha 0.714, beta 0.948.
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
        .ignoringFields("unigramNats", "bigramNats")
        .isEqualTo(
            new CorpusStatistics(
                4,
                3,
                1,
                2,
                2,
                20,
                7,
                17,
                6,
                0,
                0,
                // sha256 over the four documents' sha256, sorted; made with Python's hashlib.
                "fcd77662ee3fa433aaf192b7e47d9318f84f25e34bedf45ac4bf0f1c1939882d"));
    assertThat(measured.tokensPerByte()).isCloseTo(7 / 6.0, within(1e-12));
    assertThat(measured.bitsPerByte(Math.log(2))).isCloseTo(7 / 6.0, within(1e-12));
  }

  @Test
  void entropiesAreThoseOfTheTrainSplitAlone() {
    TestFiles.text(folder.resolve("eta"), "eta\n");
    TestFiles.text(folder.resolve("gamma"), "gamma\n");
    // In border g a m m a \n border: a goes to m and \n, m to m and a; seven pairs in all.
    assertThat(measure(0.5, folder).bigramNats()).isCloseTo(4 * Math.log(2) / 7, within(1e-12));
    // a and m twice of seven bytes, g, \n and the border once.
    assertThat(measure(0.5, folder).unigramNats())
        .isCloseTo((4 * Math.log(3.5) + 3 * Math.log(7)) / 7, within(1e-12));
  }

  @Test
  void measuringGivesWhatBuildingStores() {
    TestFiles.text(folder.resolve("in/a"), "alpha\n");
    TestFiles.text(folder.resolve("in/b"), "eta\n");
    CorpusSource source = TestFiles.source(0.3, folder.resolve("in"));
    assertThat(CorpusStatistics.measure(source, new ByteTokenizer()))
        .isEqualTo(
            TokenStore.build(source, new ByteTokenizer(), folder.resolve("store")).statistics());
  }

  @Test
  void refusesASplitWithoutDocuments() {
    TestFiles.text(folder.resolve("a"), "alpha\n");
    TestFiles.text(folder.resolve("b"), "beta\n");
    assertThatThrownBy(() -> measure(0.25, folder))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("none of 2 distinct documents fell to the validation split")
        .hasMessageContaining("validation_fraction 0.25");
    assertThatThrownBy(() -> measure(0.5, TestFiles.text(folder.resolve("in/eta"), "eta\n")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("none of 1 distinct documents fell to the train split");
  }

  @Test
  void refusesACorpusWithoutText() {
    TestFiles.text(folder.resolve("in/empty"), "");
    TestFiles.zip(folder.resolve("in/a.jar"), Map.of("a", "alpha"));
    assertThatThrownBy(() -> measure(0.5, folder.resolve("in")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("all 2 documents")
        .hasMessageContaining("folder/**/*.jar");
  }

  @Test
  void refusesASplitThatNoBufferHolds() {
    CorpusScan.requireStorable("train", Integer.MAX_VALUE, 1);
    CorpusScan.requireStorable("train", Integer.MAX_VALUE / 4, 4);
    assertThatThrownBy(() -> CorpusScan.requireStorable("train", Integer.MAX_VALUE + 1L, 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("the train split is longer than 2^31 - 1 bytes");
    assertThatThrownBy(() -> CorpusScan.requireStorable("train", Integer.MAX_VALUE / 4 + 1L, 4))
        .isInstanceOf(BadInputException.class);
  }

  private static CorpusStatistics measure(double fraction, Path... files) {
    return CorpusStatistics.measure(TestFiles.source(fraction, files), new ByteTokenizer());
  }
}
