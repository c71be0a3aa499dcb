package org.isoflop.harness.data.formats;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;

/**
 * What lies below a folder and may be text, in the order of names, each real folder entered once: a
 * link that leads back up cannot loop, and the answer does not depend on the order in which the
 * system lists a folder. Hidden things, sweeps, and links that lead out of the folder are not
 * entered, but told.
 */
public final class FileTree {

  private static final Pattern DOT_FOLDERS = Pattern.compile("^(\\./)+");

  private final Path root;
  private final Set<Path> own;
  private final int deepest;
  private final BiConsumer<LeftOut, Path> leftOut;
  private final Set<Path> entered = new HashSet<>();
  private final List<Found> found = new ArrayList<>();

  /**
   * A file or folder.
   *
   * @param path where it lies
   * @param name its path below the folder, names separated by {@code /}
   * @param isFolder whether it is one
   */
  public record Found(Path path, String name, boolean isFolder) {}

  private FileTree(Path root, Set<Path> own, int deepest, BiConsumer<LeftOut, Path> leftOut) {
    this.root = root;
    this.own = own;
    this.deepest = deepest;
    this.leftOut = leftOut;
  }

  /**
   * Lists files and folders below a folder, itself left out.
   *
   * @param own real paths that are no text, whatever they hold
   * @param deepest how many names below the folder to look; 1 is its own content
   * @param leftOut is told the real path of whatever is not looked at, and why
   * @throws BadInputException where a folder cannot be read
   */
  public static List<Found> below(
      Path folder, Set<Path> own, int deepest, BiConsumer<LeftOut, Path> leftOut) {
    try {
      FileTree tree = new FileTree(folder.toRealPath(), own, deepest, leftOut);
      if (own.stream().anyMatch(tree.root::startsWith) || isSweep(tree.root)) {
        leftOut.accept(LeftOut.OF_SWEEPS, tree.root);
      } else {
        tree.enter(folder, tree.root, "", 1);
      }
      return tree.found;
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  /** Returns an archive's entry as a path, names separated by {@code /}, without {@code ./}. */
  public static String plain(String entry) {
    return DOT_FOLDERS.matcher(entry.replace('\\', '/')).replaceFirst("");
  }

  /** Whether an archive's entry or a path below a folder has a name that begins with a dot. */
  public static boolean isHidden(String path) {
    if (!path.startsWith(".") && !path.contains("/.")) {
      return false; // as nearly all
    }
    for (String name : path.split("/", -1)) {
      if (name.startsWith(".") && !name.equals(".") && !name.equals("..")) {
        return true;
      }
    }
    return false;
  }

  private void enter(Path folder, Path real, String prefix, int depth) {
    if (depth > deepest || !entered.add(real)) {
      return;
    }
    List<Path> children;
    try (Stream<Path> listing = Files.list(folder)) {
      children = listing.sorted().toList();
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
    for (Path child : children) {
      String name = text(child.getFileName());
      try {
        look(child, real.resolve(child.getFileName()), prefix + name, depth);
      } catch (IOException e) {
        throw unreadable(child, e);
      }
    }
  }

  private void look(Path child, Path place, String name, int depth) throws IOException {
    if (isHidden(name)) {
      leftOut.accept(LeftOut.HIDDEN, place);
      return;
    }
    Path real = place;
    if (Files.isSymbolicLink(child)) {
      if (!Files.exists(child) || !child.toRealPath().startsWith(root)) {
        leftOut.accept(LeftOut.LINKED, place);
        return;
      }
      real = child.toRealPath();
      if (isHidden(text(root.relativize(real)))) {
        leftOut.accept(LeftOut.HIDDEN, real);
        return;
      }
    }
    BasicFileAttributes attributes = Files.readAttributes(child, BasicFileAttributes.class);
    if (isOfSweep(real)) {
      leftOut.accept(LeftOut.OF_SWEEPS, real);
    } else if (attributes.isDirectory()) {
      found.add(new Found(child, name, true));
      enter(child, real, name + "/", depth + 1);
    } else if (attributes.isRegularFile()) {
      found.add(new Found(child, name, false));
    } else {
      leftOut.accept(LeftOut.SPECIAL, real);
    }
  }

  /** Whether a place, or any folder between it and the root, is a sweep's or our own. */
  private boolean isOfSweep(Path real) {
    for (Path place = real; place.startsWith(root); place = place.getParent()) {
      if (own.contains(place) || isSweep(place)) {
        return true;
      }
      if (entered.contains(place.getParent())) {
        return false; // what holds it has been looked at
      }
    }
    return false;
  }

  private static boolean isSweep(Path folder) {
    return Files.isRegularFile(folder.resolve("sweep.yaml"))
        && Files.isRegularFile(folder.resolve("plan.csv"));
  }

  /**
   * Returns a relative path's names as text, whatever the locale can say of them: Java decodes
   * names with the locale's character set, which leaves none of those that are not ASCII under
   * {@code LC_ALL=C}, but keeps their bytes, which its URI shows. They are UTF-8, or else an older
   * system's ISO 8859-1.
   */
  static String text(Path path) {
    StringBuilder text = new StringBuilder();
    for (Path name : path) {
      text.append(text.isEmpty() ? "" : "/").append(nameText(name));
    }
    return text.toString();
  }

  private static String nameText(Path name) {
    String decoded = name.toString();
    if (decoded.chars().allMatch(c -> c < 0x80)) {
      return decoded;
    }
    String raw = Path.of("/").resolve(name).toUri().getRawPath().replaceFirst("/$", "");
    byte[] bytes =
        URLDecoder.decode(
                raw.substring(raw.lastIndexOf('/') + 1).replace("+", "%2B"),
                StandardCharsets.ISO_8859_1)
            .getBytes(StandardCharsets.ISO_8859_1);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  private static BadInputException unreadable(Path path, IOException reason) {
    return BadInputException.of(
        "%s: cannot be read (%s); give yourself the right to, or leave it out of corpus.files",
        path, reason);
  }
}
