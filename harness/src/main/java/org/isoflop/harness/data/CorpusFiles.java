package org.isoflop.harness.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.isoflop.harness.BadInputException;

/** Finds the texts that a corpus source means; each place once, however often it is named. */
final class CorpusFiles {

  private final CorpusSource source;
  private final Set<Path> own;
  private final List<Glob> include;
  private final Set<DocumentLocation> found = new LinkedHashSet<>();
  private final Map<LeftOut, Set<DocumentLocation>> leftOut = new EnumMap<>(LeftOut.class);
  private final MessageDigest listing = ContentHash.sha256();
  private long passedOver;
  private String fingerprint = "";

  private CorpusFiles(CorpusSource source, Set<Path> own) {
    this.source = source;
    this.own = own.stream().map(CorpusFiles::realWhereThere).collect(Collectors.toSet());
    this.include = source.include().stream().map(Glob::of).toList();
  }

  /**
   * Lists the texts, folder by folder and archive by archive.
   *
   * @param own files and folders of the sweep itself, which are no text where a folder or a glob
   *     holds them
   * @throws BadInputException where a name or glob stands for nothing, a folder cannot be read, an
   *     archive is damaged, or nothing is left
   */
  static CorpusFiles of(CorpusSource source, Set<Path> own) {
    CorpusFiles files = new CorpusFiles(source, own);
    for (String name : source.files()) {
      files.addNamed(name);
    }
    if (files.found.isEmpty()) {
      throw files.nothing();
    }
    files.fingerprint = HexFormat.of().formatHex(files.listing.digest());
    return files;
  }

  /** Returns where the texts lie; those of an archive stand together. */
  List<DocumentLocation> locations() {
    return List.copyOf(found);
  }

  /** Returns how many files or folders were not looked at, by reason. */
  Map<LeftOut, Long> leftOut() {
    Map<LeftOut, Long> counts = new EnumMap<>(LeftOut.class);
    leftOut.forEach((reason, paths) -> counts.put(reason, (long) paths.size()));
    return counts;
  }

  /** Returns a link that was not followed, where there is one. */
  Optional<DocumentLocation> unfollowedLink() {
    return leftOut.getOrDefault(LeftOut.LINKED, Set.of()).stream().findFirst();
  }

  /**
   * Returns the SHA-256, in hexadecimal, of the names, sizes and modification times of all files
   * and archives: where it is what it was, so is the text, and nothing need be read to know.
   */
  String fingerprint() {
    return fingerprint;
  }

  private BadInputException nothing() {
    String left =
        leftOut().entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey().words())
            .collect(Collectors.joining(", "));
    return passedOver == 0
        ? BadInputException.of(
            "corpus: no file in %s%s; a folder or archive with text in it would do",
            source.files(), left.isEmpty() ? "" : " (left out: " + left + ")")
        : BadInputException.of(
            "corpus: none of the %d documents in %s matches include %s; globs such as **/*.txt"
                + " match the path inside a folder or archive",
            passedOver, source.files(), source.include());
  }

  private void addNamed(String name) {
    Optional<Path> literal = existing(name);
    if (literal.isPresent()) {
      addPath(literal.get(), name);
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
    String rest = glob.substring(cut).replaceFirst("/+$", "");
    Optional<Path> folder = existing(base).filter(Files::isDirectory);
    if (folder.isEmpty()) {
      throw BadInputException.of(
          "corpus: '%s' matches nothing, because there is no folder '%s'", glob, base);
    }
    int deepest =
        rest.contains("**")
            ? Integer.MAX_VALUE
            : 1 + (int) rest.chars().filter(c -> c == '/').count();
    Glob matcher = Glob.of(rest);
    List<FileTree.Found> matches =
        FileTree.below(folder.get(), own, deepest, this::leave).stream()
            .filter(found -> matcher.matches(found.name()))
            .toList();
    if (matches.isEmpty()) {
      throw BadInputException.of(
          "corpus: '%s' matches nothing (from %s) that is not hidden, a sweep or a link to elsewhere;"
              + " the path of a file, folder or archive would do",
          glob, Path.of("").toAbsolutePath());
    }
    matches.forEach(match -> addPath(match.path(), base + match.name()));
  }

  private void addPath(Path path, String name) {
    BasicFileAttributes attributes = attributes(path);
    if (attributes.isDirectory()) {
      for (FileTree.Found below : FileTree.below(path, own, Integer.MAX_VALUE, this::leave)) {
        if (!below.isFolder() && includes(below.name())) {
          add(DocumentLocation.ofFile(real(below.path())), name + "/" + below.name());
        }
      }
    } else if (!attributes.isRegularFile()) {
      throw BadInputException.of(
          "corpus: %s is neither a file nor a folder; copy its content to a file", path);
    } else if (isArchive(name)) {
      addArchive(real(path), name);
    } else {
      add(DocumentLocation.ofFile(real(path)), name);
    }
  }

  private void addArchive(Path archive, String name) {
    boolean first = true;
    for (String entry : DocumentReader.entries(archive)) {
      String path = entry.replace('\\', '/').replaceFirst("^(\\./)+", "");
      if (FileTree.isHidden(path)) {
        leave(LeftOut.HIDDEN, new DocumentLocation(archive, entry));
      } else if (includes(path) && found.add(new DocumentLocation(archive, entry)) && first) {
        list(archive, name);
        first = false;
      }
    }
  }

  private boolean includes(String path) {
    boolean included = include.isEmpty() || include.stream().anyMatch(glob -> glob.matches(path));
    if (!included) {
      passedOver++;
    }
    return included;
  }

  private void add(DocumentLocation location, String name) {
    if (found.add(location)) {
      list(location.file(), name);
    }
  }

  private void list(Path file, String name) {
    BasicFileAttributes attributes = attributes(file);
    String line = name + "\0" + attributes.size() + "\0" + attributes.lastModifiedTime() + "\n";
    listing.update(line.getBytes(StandardCharsets.UTF_8));
  }

  private void leave(LeftOut reason, Path path) {
    leave(reason, DocumentLocation.ofFile(path));
  }

  private void leave(LeftOut reason, DocumentLocation location) {
    leftOut.computeIfAbsent(reason, none -> new LinkedHashSet<>()).add(location);
  }

  /** The name as a path, where there is such a file: names may hold characters of globs. */
  private static Optional<Path> existing(String name) {
    try {
      Path path = Path.of(name);
      boolean there = Files.exists(path) || !(Glob.isGlob(name) || Files.notExists(path));
      return there ? Optional.of(path) : Optional.empty();
    } catch (InvalidPathException e) {
      if (Glob.isGlob(name)) {
        return Optional.empty();
      }
      throw BadInputException.of(
          "corpus: '%s' cannot be the name of a file here (%s); names are read in the locale's"
              + " character set, %s, and LC_ALL=C.UTF-8 would take any",
          name, e.getReason(), System.getProperty("sun.jnu.encoding"));
    }
  }

  private static boolean isArchive(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".zip") || lower.endsWith(".jar");
  }

  private static BasicFileAttributes attributes(Path path) {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static Path realWhereThere(Path path) {
    return Files.exists(path) ? real(path) : path.toAbsolutePath().normalize();
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static BadInputException unreadable(Path path, IOException reason) {
    return BadInputException.of("%s: cannot be read (%s)", path, reason);
  }
}
