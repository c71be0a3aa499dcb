package org.isoflop.harness.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Sha256;
import org.isoflop.harness.data.formats.CorpusSource;
import org.isoflop.harness.data.formats.DocumentLocation;
import org.isoflop.harness.data.formats.DocumentReader;
import org.isoflop.harness.data.formats.FileTree;
import org.isoflop.harness.data.formats.Glob;
import org.isoflop.harness.data.formats.LeftOut;
import org.isoflop.harness.data.formats.TarEntries;
import org.isoflop.harness.data.formats.TokenShards;

/**
 * Finds the texts that a corpus source means; each place once, however often it is named, and as
 * one held out where it is named as that too.
 */
public final class CorpusFiles {

  /** The coarsest time that a file system keeps, FAT's. */
  private static final long UNSETTLED_MILLIS = 2000;

  private final CorpusSource source;
  private final Set<Path> own;
  private final Predicate<String> include;
  private final Predicate<String> includeAsTokens;
  private final Optional<EarlierSplit> earlier;
  private final Set<DocumentLocation> found = new LinkedHashSet<>();
  private final Set<DocumentLocation> tokens = new HashSet<>();
  private Set<DocumentLocation> heldOut = Set.of();
  private final Map<LeftOut, Set<DocumentLocation>> leftOut = new EnumMap<>(LeftOut.class);
  private final MessageDigest listing = Sha256.digest();
  private final MessageDigest stamps = Sha256.digest();
  private final Map<String, Map<String, Path>> inputs = new LinkedHashMap<>();
  private String named = "";
  private boolean settled = true;
  private long passedOver;
  private String fingerprint = "";
  private String state = "";

  private CorpusFiles(CorpusSource source, Set<Path> own) {
    this.source = source;
    this.own = own.stream().map(CorpusFiles::realWhereThere).collect(Collectors.toSet());
    this.include = Glob.anyOf(source.include());
    this.includeAsTokens = TokenShards.includedBy(source.include());
    this.earlier = EarlierSplit.of(source);
  }

  /**
   * Lists the texts, folder by folder and archive by archive.
   *
   * @param own files and folders of the sweep itself, which are no text where a folder or a glob
   *     holds them
   * @throws BadInputException where a name or glob stands for nothing, a folder cannot be read, an
   *     archive is damaged, nothing is left, or the earlier corpus that says what is held out is
   *     not sound
   */
  public static CorpusFiles of(CorpusSource source, Set<Path> own) {
    CorpusFiles files = new CorpusFiles(source, own);
    files.add(source.validationFiles());
    files.heldOut = Set.copyOf(files.found);
    files.add(source.files());
    if (files.found.size() == files.heldOut.size()) {
      throw BadInputException.of(
          "corpus: no file in %s that is not of validation_files; more text would do",
          source.files());
    }
    files.heldOut = files.heldOut.stream().map(files::asAskedFor).collect(Collectors.toSet());
    String pinned = files.earlier.map(EarlierSplit::hash).orElse("") + files.heldOut.size();
    Sha256.update(files.listing, pinned);
    files.stamp(pinned);
    files.fingerprint = Sha256.hex(files.listing);
    files.leftOut.forEach((reason, places) -> files.stamp(reason + "\0" + places));
    files.stamp(files.found.toString());
    files.state = Sha256.hex(files.stamps);
    return files;
  }

  private void add(List<String> names) {
    for (String name : names) {
      named = name;
      addNamed(name);
    }
    if (found.isEmpty() && !names.isEmpty()) {
      throw nothing(names);
    }
  }

  /** Returns what was asked for. */
  CorpusSource source() {
    return source;
  }

  /** Returns where the texts lie; those of an archive stand together, those held out come first. */
  public List<DocumentLocation> locations() {
    return found.stream().map(this::asAskedFor).toList();
  }

  private DocumentLocation asAskedFor(DocumentLocation place) {
    return tokens.contains(place) ? place.asTokens() : place;
  }

  /**
   * Returns how many files hold the text, each in a tar archive counted, up to a number: that many
   * where there are more.
   *
   * @throws BadInputException where a tar archive is damaged
   */
  long countUpTo(long most) {
    long count = 0;
    for (DocumentLocation location : found) {
      if (count >= most) {
        return most;
      }
      count += location.isTar() ? countEntries(location.file(), most - count) : 1;
    }
    return count;
  }

  private long countEntries(Path tar, long most) {
    long count = 0;
    try (TarEntries entries = new TarEntries(tar)) {
      while (count < most && entries.next()) {
        String name = entries.name();
        count += !FileTree.isHidden(name) && include.test(name) ? 1 : 0;
      }
      return count;
    } catch (IOException e) {
      throw unreadable(tar, e);
    }
  }

  /** Returns those of the places whose documents are held out. */
  Set<DocumentLocation> heldOut() {
    return heldOut;
  }

  /** Returns the earlier corpus that says which documents are held out, where one does. */
  Optional<EarlierSplit> earlier() {
    return earlier;
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

  /** Returns the files and archives that hold the text, by what they were named by and by name. */
  Map<String, Map<String, Path>> inputs() {
    return inputs;
  }

  /** Returns the bytes of all of them, as they lie on the disk. */
  long bytes() {
    return inputs.values().stream()
        .flatMap(files -> files.values().stream())
        .distinct()
        .mapToLong(file -> attributes(file).size())
        .sum();
  }

  /**
   * Returns the SHA-256, in hexadecimal, of the names, sizes and modification times of all files
   * and archives, and of what is held out: where it is what it was, so is the text, and nothing
   * need be read to know.
   */
  String fingerprint() {
    return fingerprint;
  }

  /**
   * Returns the SHA-256, in hexadecimal, of all that reading these files depends on: the places
   * found and left out and, of every file and archive, its size, its number on the disk, and when
   * it and what is known of it last changed, which a copy or a {@code touch} cannot set back. Empty
   * where that was so lately that another change might not move the time.
   */
  Optional<String> state() {
    return settled ? Optional.of(state) : Optional.empty();
  }

  private BadInputException nothing(List<String> names) {
    String left =
        leftOut().entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey().words())
            .collect(Collectors.joining(", "));
    return passedOver == 0
        ? BadInputException.of(
            "corpus: no file in %s%s; a folder or archive with text in it would do",
            names, left.isEmpty() ? "" : " (left out: " + left + ")")
        : source.noneIncluded(names, passedOver);
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
          "corpus: '%s' matches nothing (from %s) that is not hidden, a sweep or a link to"
              + " elsewhere; the path of a file, folder or archive would do",
          glob, Path.of("").toAbsolutePath());
    }
    matches.forEach(match -> addPath(match.path(), base + match.name()));
  }

  private void addPath(Path path, String name) {
    BasicFileAttributes attributes = attributes(path);
    if (attributes.isDirectory()) {
      for (FileTree.Found below : FileTree.below(path, own, Integer.MAX_VALUE, this::leave)) {
        if (!below.isFolder() && includes(below.name())) {
          DocumentLocation file = DocumentLocation.ofFile(real(below.path()));
          add(file, name + "/" + below.name(), includeAsTokens.test(below.name()));
        }
      }
    } else if (!attributes.isRegularFile()) {
      throw BadInputException.of(
          "corpus: %s is neither a file nor a folder; copy its content to a file", path);
    } else if (isArchive(name)) {
      addArchive(real(path), name);
    } else {
      Path file = real(path);
      boolean tar = TarEntries.isTar(file, name);
      add(
          tar ? DocumentLocation.ofTar(file) : DocumentLocation.ofFile(file),
          name,
          !tar && TokenShards.isNamed(named) && TokenShards.isNamed(name));
    }
  }

  private void addArchive(Path archive, String name) {
    boolean first = true;
    for (String entry : DocumentReader.entries(archive)) {
      String path = FileTree.plain(entry);
      if (FileTree.isHidden(path)) {
        leave(LeftOut.HIDDEN, new DocumentLocation(archive, entry));
      } else if (includes(path)) {
        DocumentLocation place = new DocumentLocation(archive, entry);
        if (includeAsTokens.test(path)) {
          tokens.add(place);
        }
        if (found.add(place) && first) {
          list(archive, name);
          first = false;
        }
      }
    }
  }

  private boolean includes(String path) {
    boolean included = include.test(path);
    if (!included) {
      passedOver++;
    }
    return included;
  }

  private void add(DocumentLocation location, String name, boolean asTokens) {
    if (asTokens) {
      tokens.add(location);
    }
    if (found.add(location)) {
      list(location.file(), name);
    }
  }

  private void list(Path file, String name) {
    inputs.computeIfAbsent(named, none -> new TreeMap<>()).put(name, file);
    BasicFileAttributes attributes = attributes(file);
    String line = name + "\0" + attributes.size() + "\0" + attributes.lastModifiedTime() + "\n";
    Sha256.update(listing, line);
    Map<String, Object> stamp = new TreeMap<>(inode(file));
    FileTime changed = (FileTime) stamp.getOrDefault("ctime", attributes.lastModifiedTime());
    settled &= changed.toMillis() < System.currentTimeMillis() - UNSETTLED_MILLIS;
    stamp(file + line + stamp);
  }

  private void stamp(String line) {
    Sha256.update(stamps, line + "\n");
  }

  /**
   * The file's number, and when anything of it last changed; nothing where the system has neither.
   */
  private static Map<String, Object> inode(Path file) {
    try {
      return file.getFileSystem().supportedFileAttributeViews().contains("unix")
          ? Files.readAttributes(file, "unix:dev,ino,ctime")
          : Map.of();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
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
