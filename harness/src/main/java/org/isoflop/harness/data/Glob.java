package org.isoflop.harness.data;

import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.isoflop.harness.BadInputException;

/**
 * A glob as users of shells mean it: Java's own wants at least one folder for {@code **}{@code /},
 * so this one asks Java once with each such part and once without.
 */
final class Glob {

  private static final Pattern ANY_FOLDERS = Pattern.compile("(?<=^|[/{,])(?:\\*\\*/)+");
  private static final Pattern SPECIAL = Pattern.compile("[*?\\[{]");

  /**
   * Each {@code **}{@code /} doubles the number of patterns; nobody writes more than two or three.
   */
  private static final int MOST_VARIANTS = 64;

  private final List<PathMatcher> variants;

  private Glob(List<PathMatcher> variants) {
    this.variants = variants;
  }

  /** Reads a glob; {@link BadInputException} where its brackets or braces are wrong. */
  static Glob of(String pattern) {
    Set<String> spellings = new LinkedHashSet<>();
    spell("", pattern, spellings);
    if (spellings.size() > MOST_VARIANTS) {
      throw BadInputException.of("corpus: glob '%s' has too many '**/'; up to 6 would do", pattern);
    }
    try {
      return new Glob(
          spellings.stream()
              .map(s -> FileSystems.getDefault().getPathMatcher("glob:" + s))
              .toList());
    } catch (PatternSyntaxException e) {
      throw BadInputException.of(
          "corpus: '%s' is not a glob (%s); something like **/*.txt would do",
          pattern, e.getDescription());
    }
  }

  /** Tells whether a name, taken as a pattern, could match anything but itself. */
  static boolean isGlob(String name) {
    return SPECIAL.matcher(name).find();
  }

  /** Returns where the first special character stands; the text must be a glob. */
  static int firstSpecial(String glob) {
    Matcher special = SPECIAL.matcher(glob);
    if (!special.find()) {
      throw new IllegalArgumentException("not a glob: " + glob);
    }
    return special.start();
  }

  /**
   * Tells whether a relative path matches; names are separated by {@code /}. A name that this
   * system cannot have as a path (archives may hold such) matches nothing.
   */
  boolean matches(String path) {
    Path candidate;
    try {
      candidate = Path.of(path);
    } catch (InvalidPathException e) {
      return false;
    }
    return variants.stream().anyMatch(variant -> variant.matches(candidate));
  }

  /** Collects the pattern with and without each of its "any folders" parts. */
  private static void spell(String done, String rest, Set<String> spellings) {
    if (spellings.size() > MOST_VARIANTS) {
      return;
    }
    String whole = done + rest;
    Matcher part = ANY_FOLDERS.matcher(whole);
    if (!part.find(done.length())) {
      spellings.add(whole);
      return;
    }
    String before = whole.substring(0, part.start());
    String after = whole.substring(part.end());
    spell(before + "**/", after, spellings);
    spell(before, after, spellings);
  }
}
