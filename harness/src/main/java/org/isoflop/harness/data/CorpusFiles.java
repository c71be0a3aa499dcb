package org.isoflop.harness.data;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.isoflop.harness.BadInputException;

/** Finds the documents that a corpus source means; each place once, however often it is named. */
final class CorpusFiles {

  private final List<Glob> include;
  private final DocumentReader reader;
  private final Set<DocumentLocation> seen = new HashSet<>();
  private final List<DocumentLocation> found = new ArrayList<>();
  private long passedOver;

  private CorpusFiles(CorpusSource source, DocumentReader reader) {
    this.include = source.include().stream().map(Glob::of).toList();
    this.reader = reader;
  }

  /**
   * Lists the documents, folder by folder and archive by archive.
   *
   * @throws BadInputException where a name or glob stands for nothing, an archive is damaged, or
   *     the include globs leave no document
   */
  static List<DocumentLocation> of(CorpusSource source, DocumentReader reader) {
    CorpusFiles files = new CorpusFiles(source, reader);
    for (String name : source.files()) {
      files.addNamed(name);
    }
    if (files.found.isEmpty()) {
      throw files.passedOver == 0
          ? BadInputException.of(
              "corpus: no file in %s; a folder or archive with text in it would do", source.files())
          : BadInputException.of(
              "corpus: none of the %d documents in %s matches include %s; globs such as **/*.txt"
                  + " match the path inside a folder or archive",
              files.passedOver, source.files(), source.include());
    }
    return files.found;
  }

  private void addNamed(String name) {
    Optional<Path> literal = existing(name);
    if (literal.isPresent()) {
      addPath(literal.get());
    } else if (Glob.isGlob(name)) {
      addMatching(name);
    } else {
      throw BadInputException.of(
          "corpus: '%s' does not exist (from %s); a file, folder, archive or glob would do",
          name, Path.of("").toAbsolutePath());
    }
  }

  private void addMatching(String glob) {
    int cut = glob.lastIndexOf('/', Glob.firstSpecial(glob)) + 1;
    String base = glob.substring(0, cut);
    String rest = glob.substring(cut);
    Optional<Path> existing = existing(base).filter(Files::isDirectory);
    if (existing.isEmpty()) {
      throw BadInputException.of(
          "corpus: '%s' matches nothing, because there is no folder '%s'", glob, base);
    }
    Path folder = existing.get();
    int deepest =
        rest.contains("**")
            ? Integer.MAX_VALUE
            : 1 + (int) rest.chars().filter(c -> c == '/').count();
    Glob matcher = Glob.of(rest);
    List<Path> matches =
        FileTree.below(folder, deepest).stream()
            .filter(path -> matcher.matches(relative(folder, path)))
            .toList();
    if (matches.isEmpty()) {
      throw BadInputException.of(
          "corpus: '%s' matches nothing (from %s); the path of a file, folder or archive would do",
          glob, Path.of("").toAbsolutePath());
    }
    matches.forEach(this::addPath);
  }

  private void addPath(Path path) {
    if (Files.isDirectory(path)) {
      for (Path below : FileTree.below(path, Integer.MAX_VALUE)) {
        if (!Files.isDirectory(below) && includes(relative(path, below))) {
          add(DocumentLocation.ofFile(real(below)));
        }
      }
    } else if (isArchive(path)) {
      Path archive = real(path);
      for (String entry : reader.entries(archive)) {
        if (includes(entry)) {
          add(new DocumentLocation(archive, entry));
        }
      }
    } else if (Files.isRegularFile(path)) {
      add(DocumentLocation.ofFile(real(path)));
    } else {
      throw BadInputException.of(
          "corpus: %s is neither a file nor a folder; copy its content to a file", path);
    }
  }

  private boolean includes(String path) {
    boolean included = include.isEmpty() || include.stream().anyMatch(glob -> glob.matches(path));
    if (!included) {
      passedOver++;
    }
    return included;
  }

  private void add(DocumentLocation location) {
    if (seen.add(location)) {
      found.add(location);
    }
  }

  /** The name as a path, where there is such a file: names may hold characters of globs. */
  private static Optional<Path> existing(String name) {
    try {
      return Optional.of(Path.of(name)).filter(Files::exists);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static String relative(Path folder, Path path) {
    return folder.relativize(path).toString().replace(File.separatorChar, '/');
  }

  private static boolean isArchive(Path path) {
    String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".zip") || name.endsWith(".jar");
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw BadInputException.of("%s: cannot be read (%s)", path, e);
    }
  }
}
