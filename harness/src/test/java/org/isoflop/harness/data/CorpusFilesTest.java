package org.isoflop.harness.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.data.formats.CorpusSource;
import org.isoflop.harness.data.formats.LeftOut;
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
  void linksAreFollowedInsideTheirFolderAndLoopsEnd() throws IOException {
    TestFiles.text(folder.resolve("real/b.txt"), "b");
    TestFiles.text(folder.resolve("in/blobs/1"), "a");
    TestFiles.text(folder.resolve("in/.hidden/h.txt"), "h");
    Files.createSymbolicLink(folder.resolve("in/a.txt"), folder.resolve("in/blobs/1"));
    Files.createSymbolicLink(folder.resolve("in/h.txt"), folder.resolve("in/.hidden/h.txt"));
    Files.createSymbolicLink(folder.resolve("in/up"), folder.resolve("in"));
    Files.createSymbolicLink(folder.resolve("in/out"), folder.resolve("real"));
    Files.createSymbolicLink(folder.resolve("in/out.txt"), folder.resolve("real/b.txt"));
    Files.createSymbolicLink(folder.resolve("in/gone"), folder.resolve("nothing"));
    for (int i = 0; i < 12; i++) {
      Path one = Files.createDirectories(folder.resolve("in/maze/" + i));
      for (int j = 0; j < 12; j++) {
        Files.createSymbolicLink(one.resolve("to" + j), folder.resolve("in/maze/" + j));
      }
    }
    assertThat(found(List.of("in"))).containsExactly("in/blobs/1");
    assertThat(found(List.of("in"), "**/*.txt")).containsExactly("in/blobs/1");
    assertThat(found(List.of("in/**/*.txt"))).containsExactly("in/blobs/1");
    assertThat(list(List.of("in"), Set.of()).leftOut())
        .isEqualTo(Map.of(LeftOut.LINKED, 3L, LeftOut.HIDDEN, 2L));
    Files.createSymbolicLink(folder.resolve("named"), folder.resolve("real"));
    assertThat(found(List.of("named"))).as("what is named is read").containsExactly("real/b.txt");
  }

  @Test
  void hiddenThingsAreNoText() {
    TestFiles.text(folder.resolve("in/a.txt"), "a");
    TestFiles.text(folder.resolve("in/.b.txt"), "b");
    TestFiles.text(folder.resolve("in/.git/c.txt"), "c");
    TestFiles.zip(
        folder.resolve("x.zip"), Map.of("./a.txt", "a", "__MACOSX/._a.txt", "b", ".git/c", "c"));
    assertThat(found(List.of("in"))).containsExactly("in/a.txt");
    assertThat(found(List.of("in/**"))).containsExactly("in/a.txt");
    assertThat(found(List.of("x.zip"), "*.txt")).containsExactly("x.zip!/./a.txt");
    assertThat(list(List.of("in", "in/**", "x.zip"), Set.of()).leftOut())
        .as("each is counted once")
        .isEqualTo(Map.of(LeftOut.HIDDEN, 4L));
    assertThat(found(List.of("in/.git", "in/.b.txt")))
        .as("what is named is read")
        .containsExactly("in/.git/c.txt", "in/.b.txt");
  }

  @Test
  void sweepsAndTheSweepsOwnFilesAreNoText() {
    TestFiles.text(folder.resolve("a.txt"), "a");
    TestFiles.text(folder.resolve("mine.yaml"), "corpus: {}");
    TestFiles.text(folder.resolve("runs/mine/job.log"), "begun");
    TestFiles.text(folder.resolve("runs/other/sweep.yaml"), "corpus: {}");
    TestFiles.text(folder.resolve("runs/other/plan.csv"), "job");
    TestFiles.text(folder.resolve("runs/other/jobs/1/losses.csv"), "step,loss");
    Set<Path> own = Set.of(folder.resolve("mine.yaml"), folder.resolve("runs/mine"));
    CorpusFiles files = list(List.of(""), own);
    assertThat(files.locations()).hasSize(1);
    assertThat(files.leftOut()).isEqualTo(Map.of(LeftOut.OF_SWEEPS, 3L));
    assertThat(list(List.of("**/*"), own).locations()).hasSize(1);
    assertRefused(List.of("runs/other"), "left out: 1 of sweeps", "**");
  }

  @Test
  void namesAreTextWhateverTheyAreMadeOf() {
    TestFiles.text(folder.resolve("in/Cafe\u0301/e.txt"), "decomposed");
    TestFiles.text(folder.resolve("in/d\u00e9j\u00e0 +%41.txt"), "composed");
    assertThat(found(List.of("in"), "Caf\u00e9/*", "d?j? +%41.txt")).hasSize(2);
    assertThat(found(List.of("in/*\u00e9*"))).hasSize(2);
    TestFiles.zip(folder.resolve("x.zip"), Map.of("a\\b.txt", "from a PC", "c\0d.txt", "odd"));
    assertThat(found(List.of("x.zip"), "a/*.txt", "c?d.txt")).hasSize(2);
  }

  @Test
  void aFileThatChangedHasAnotherFingerprint() throws IOException {
    Path a = TestFiles.text(folder.resolve("in/a.txt"), "a");
    String before = list(List.of("in"), Set.of()).fingerprint();
    assertThat(list(List.of("in"), Set.of()).fingerprint()).isEqualTo(before);
    TestFiles.text(folder.resolve("in/.new"), "no text");
    assertThat(list(List.of("in"), Set.of()).fingerprint()).isEqualTo(before);
    Files.setLastModifiedTime(a, FileTime.fromMillis(1000));
    String touched = list(List.of("in"), Set.of()).fingerprint();
    assertThat(touched).isNotEqualTo(before);
    TestFiles.text(folder.resolve("in/b.txt"), "b");
    assertThat(list(List.of("in"), Set.of()).fingerprint()).isNotEqualTo(touched);
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
    assertThatThrownBy(() -> new CorpusSource(List.of(), List.of(), "text", "", 0.1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("files is empty");
    assertThatThrownBy(() -> new CorpusSource(List.of(" "), List.of(), "text", "", 0.1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("blank");
    for (double fraction : new double[] {0, -1, 0.51, Double.NaN}) {
      assertThatThrownBy(() -> new CorpusSource(List.of("a"), List.of(), "text", "", fraction))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("validation_fraction is " + fraction);
    }
  }

  private List<String> found(List<String> files, String... include) {
    try {
      Path root = folder.toRealPath();
      return list(files, Set.of(), include).locations().stream()
          .map(location -> location.toString().substring(root.toString().length() + 1))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private CorpusFiles list(List<String> files, Set<Path> own, String... include) {
    return CorpusFiles.of(source(files, include), own);
  }

  private CorpusSource source(List<String> files, String... include) {
    return new CorpusSource(
        files.stream().map(name -> folder + "/" + name).toList(),
        List.of(include),
        "text",
        "",
        0.1);
  }

  private void assertRefused(List<String> files, String message, String... include) {
    assertThatThrownBy(() -> found(files, include))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(message);
  }
}
