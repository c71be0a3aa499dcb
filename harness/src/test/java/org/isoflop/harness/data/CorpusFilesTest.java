package org.isoflop.harness.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.isoflop.harness.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class CorpusFilesTest {

  @TempDir Path folder;

  @Test
  void readsAFolderWithAllBelowIt() {
    TestFiles.text(folder.resolve("in/a.txt"), "a");
    TestFiles.text(folder.resolve("in/b/c/d.md"), "d");
    assertThat(found(List.of("in"))).containsExactly("in/a.txt", "in/b/c/d.md");
    assertThat(found(List.of("in"), "**/*.md")).containsExactly("in/b/c/d.md");
    assertThat(found(List.of("in"), "*.txt", "b/**")).containsExactly("in/a.txt", "in/b/c/d.md");
  }

  @Test
  void readsArchivesThatAreNamedAndTopLevelEntriesToo() {
    Map<String, String> entries = Map.of("A.java", "a", "org/B.java", "b", "org/B.class", "\0");
    TestFiles.zip(folder.resolve("jars/x.jar"), entries);
    TestFiles.zip(folder.resolve("jars/Y.ZIP"), entries);
    assertThat(found(List.of("jars/*.jar"), "**/*.java"))
        .containsExactlyInAnyOrder("jars/x.jar!/A.java", "jars/x.jar!/org/B.java");
    assertThat(found(List.of("jars/Y.ZIP"), "org/*"))
        .containsExactlyInAnyOrder("jars/Y.ZIP!/org/B.java", "jars/Y.ZIP!/org/B.class");
    assertThat(found(List.of("jars")))
        .as("an archive inside a folder is a file like any other")
        .containsExactly("jars/Y.ZIP", "jars/x.jar");
  }

  @Test
  void readsArchivesWhoseNamesAreNotUtf8() {
    TestFiles.zip(
        folder.resolve("old.zip"), Map.of("d\u00e9j\u00e0.txt", "vu"), StandardCharsets.ISO_8859_1);
    assertThat(found(List.of("old.zip"), "*.txt")).containsExactly("old.zip!/d\u00e9j\u00e0.txt");
  }

  @Test
  void globsFindFilesAndFoldersAtTheirDepth() {
    TestFiles.text(folder.resolve("a/x.txt"), "1");
    TestFiles.text(folder.resolve("a/b/x.txt"), "2");
    TestFiles.text(folder.resolve("c/b/y.txt"), "3");
    assertThat(found(List.of("*/x.txt"))).containsExactly("a/x.txt");
    assertThat(found(List.of("**/x.txt"))).containsExactly("a/b/x.txt", "a/x.txt");
    assertThat(found(List.of("*/b"))).containsExactly("a/b/x.txt", "c/b/y.txt");
    assertThat(found(List.of("{a,c}/b/?.txt"))).containsExactly("a/b/x.txt", "c/b/y.txt");
  }

  @Test
  void aFileThatIsNamedNeedsNoInclude() {
    TestFiles.text(folder.resolve("a.txt"), "1");
    TestFiles.text(folder.resolve("in/b.md"), "2");
    assertThat(found(List.of("a.txt", "in"), "*.md")).containsExactly("a.txt", "in/b.md");
  }

  @Test
  void aPlaceNamedTwiceIsReadOnce() {
    TestFiles.text(folder.resolve("in/a.txt"), "1");
    assertThat(found(List.of("in/a.txt", "in", "in/*", "in/../in/a.txt")))
        .containsExactly("in/a.txt");
  }

  @Test
  void aNameMayHoldCharactersOfGlobs() {
    TestFiles.text(folder.resolve("a[1].txt"), "1");
    TestFiles.text(folder.resolve("a1.txt"), "2");
    assertThat(found(List.of("a[1].txt"))).containsExactly("a[1].txt");
  }

  @Test
  @Timeout(20)
  void linksAreFollowedAndLoopsEnd() throws IOException {
    TestFiles.text(folder.resolve("real/b.txt"), "b");
    TestFiles.text(folder.resolve("in/a.txt"), "a");
    Files.createSymbolicLink(folder.resolve("in/up"), folder.resolve("in"));
    Files.createSymbolicLink(folder.resolve("in/out"), folder.resolve("real"));
    Files.createSymbolicLink(folder.resolve("in/gone"), folder.resolve("nothing"));
    for (int i = 0; i < 12; i++) {
      Path one = Files.createDirectories(folder.resolve("in/maze/" + i));
      for (int j = 0; j < 12; j++) {
        Files.createSymbolicLink(one.resolve("to" + j), folder.resolve("in/maze/" + j));
      }
    }
    assertThat(found(List.of("in"))).containsExactly("in/a.txt", "real/b.txt");
    assertThat(found(List.of("in/**/*.txt"))).containsExactly("in/a.txt", "real/b.txt");
  }

  @Test
  void refusesWhatIsNotThere() {
    assertRefused(List.of("absent.txt"), "absent.txt' does not exist");
    assertRefused(List.of("absent/*.txt"), "there is no folder");
    TestFiles.text(folder.resolve("in/a.txt"), "a");
    assertRefused(List.of("in/*.md"), "in/*.md' matches nothing");
    assertRefused(List.of("in"), "none of the 1 documents", "**/*.java");
  }

  @Test
  void refusesAnEmptyFolder() throws IOException {
    Files.createDirectories(folder.resolve("empty"));
    assertRefused(List.of("empty"), "corpus: no file in");
  }

  @Test
  void refusesAnArchiveThatIsNone() throws IOException {
    TestFiles.text(folder.resolve("broken.jar"), "this is no archive");
    assertRefused(List.of("broken.jar"), "not a sound zip or jar archive");
    Path cut = TestFiles.zip(folder.resolve("cut.zip"), Map.of("a.txt", "a".repeat(5000)));
    byte[] bytes = Files.readAllBytes(cut);
    Files.write(cut, Arrays.copyOf(bytes, bytes.length - 30));
    assertRefused(List.of("cut.zip"), "not a sound zip or jar archive");
  }

  @Test
  void refusesASourceWithoutFilesOrWithAWrongFraction() {
    assertThatThrownBy(() -> new CorpusSource(List.of(), List.of(), 0.1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("files is empty");
    assertThatThrownBy(() -> new CorpusSource(List.of(" "), List.of(), 0.1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("blank");
    for (double fraction : new double[] {0, -1, 0.51, Double.NaN}) {
      assertThatThrownBy(() -> new CorpusSource(List.of("a"), List.of(), fraction))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("validation_fraction is " + fraction);
    }
  }

  private List<String> found(List<String> files, String... include) {
    try (DocumentReader reader = new DocumentReader()) {
      Path root = folder.toRealPath();
      return CorpusFiles.of(source(files, include), reader).stream()
          .map(location -> location.toString().substring(root.toString().length() + 1))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private CorpusSource source(List<String> files, String... include) {
    return new CorpusSource(
        files.stream().map(name -> folder + "/" + name).toList(), List.of(include), 0.1);
  }

  private void assertRefused(List<String> files, String message, String... include) {
    assertThatThrownBy(() -> found(files, include))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(message);
  }
}
