package org.isoflop.harness.data.formats;

import java.text.Normalizer;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.isoflop.harness.BadInputException;

/**
 * A glob as users of shells mean it, over names that are text and nothing else: whether one matches
 * depends neither on the locale nor on what this system can have as a path. {@code *} and {@code ?}
 * stop at {@code /}, {@code **} does not, and {@code **}{@code /} also stands for no folder at all.
 */
public final class Glob {

  private static final Pattern SPECIAL = Pattern.compile("[*?\\[{]");

  /** Matching tries every way to spread a path over them; nobody writes more than two or three. */
  private static final int MOST_ANY_FOLDERS = 6;

  private final Pattern regex;

  private Glob(Pattern regex) {
    this.regex = regex;
  }

  /** Reads a glob; {@link BadInputException} where its brackets or braces are wrong. */
  public static Glob of(String pattern) {
    if (pattern.split("\\*\\*/", -1).length > MOST_ANY_FOLDERS + 1) {
      throw BadInputException.of("corpus: glob '%s' has too many '**/'; up to 6 would do", pattern);
    }
    try {
      return new Glob(Pattern.compile(new Translation(composed(pattern)).regex(), Pattern.DOTALL));
    } catch (PatternSyntaxException e) {
      throw BadInputException.of(
          "corpus: '%s' is not a glob (%s); something like **/*.txt would do",
          pattern, e.getDescription());
    }
  }

  /** Returns whether a path matches any of these globs; each does where there are none. */
  public static Predicate<String> anyOf(List<String> patterns) {
    List<Glob> globs = patterns.stream().map(Glob::of).toList();
    return path -> globs.isEmpty() || globs.stream().anyMatch(glob -> glob.matches(path));
  }

  /** Tells whether a name, taken as a pattern, could match anything but itself. */
  public static boolean isGlob(String name) {
    return SPECIAL.matcher(name).find();
  }

  /** Returns where the first special character stands; the text must be a glob. */
  public static int firstSpecial(String glob) {
    Matcher special = SPECIAL.matcher(glob);
    if (!special.find()) {
      throw new IllegalArgumentException("not a glob: " + glob);
    }
    return special.start();
  }

  /** Tells whether a relative path matches; its names are separated by {@code /}. */
  public boolean matches(String path) {
    return regex.matcher(composed(path)).matches();
  }

  /** Some systems store é as one character, others as e and an accent. */
  private static String composed(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFC);
  }

  /** Reads a glob from left to right and writes the same as a regular expression. */
  private static final class Translation {

    private final String glob;
    private final StringBuilder regex = new StringBuilder();
    private int at;
    private int braces;

    Translation(String glob) {
      this.glob = glob;
    }

    String regex() {
      while (at < glob.length()) {
        char next = glob.charAt(at);
        switch (next) {
          case '*' -> stars();
          case '?' -> write("[^/]");
          case '[' -> characters();
          case '{' -> {
            braces++;
            write("(?:");
          }
          case '}' -> {
            write(braces > 0 ? ")" : "\\}");
            braces = Math.max(0, braces - 1);
          }
          case ',' -> write(braces > 0 ? "|" : ",");
          case '\\' -> {
            at++;
            if (at == glob.length()) {
              throw wrong("nothing to escape after the last \\");
            }
            write(Pattern.quote(glob.substring(at, at + 1)));
          }
          default -> write(Pattern.quote(String.valueOf(next)));
        }
      }
      if (braces > 0) {
        throw wrong("{ without }");
      }
      return regex.toString();
    }

    private void stars() {
      int start = at;
      while (at < glob.length() && glob.charAt(at) == '*') {
        at++;
      }
      boolean whole = start == 0 || "/{,".indexOf(glob.charAt(start - 1)) >= 0;
      if (at - start == 1) {
        regex.append("[^/]*");
      } else if (whole && glob.startsWith("/", at)) {
        at++;
        regex.append("(?:.*/)?");
      } else {
        regex.append(".*");
      }
    }

    private void characters() {
      int end = glob.indexOf(']', at + 1);
      if (end < 0) {
        throw wrong("[ without ]");
      }
      boolean negated = at + 1 < end && "!^".indexOf(glob.charAt(at + 1)) >= 0;
      String inside = glob.substring(at + (negated ? 2 : 1), end);
      if (inside.isEmpty()) {
        throw wrong("[] without a character in it");
      }
      at = end;
      write("(?!/)[" + (negated ? "^" : "") + inside.replaceAll("[\\\\\\[\\^&]", "\\\\$0") + "]");
    }

    private void write(String part) {
      regex.append(part);
      at++;
    }

    private PatternSyntaxException wrong(String what) {
      return new PatternSyntaxException(what, glob, at);
    }
  }
}
