package org.isoflop.harness.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Pages and sections out of templates on the class path. */
final class Template {

  private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z.-]+)}}");

  private Template() {}

  /**
   * Fills each place of a template once; what a part contains is never looked at again.
   *
   * @param name of the template
   * @param parts HTML by the name of its place
   */
  static String fill(String name, Map<String, String> parts) {
    return PLACE
        .matcher(resource(name))
        .replaceAll(
            place -> {
              String part = parts.get(place.group(1));
              if (part == null) {
                throw new IllegalStateException("nothing fills " + place.group());
              }
              return Matcher.quoteReplacement(part);
            });
  }

  /**
   * Fills the page around a body.
   *
   * @param title of the window, HTML
   * @param colours their declarations
   * @param body HTML
   */
  static String page(String title, String colours, String body) {
    return fill(
        "page.html",
        Map.of(
            "title",
            title,
            "colours",
            colours,
            "style",
            resource("report.css") + resource("drawing.css"),
            "marks",
            Figure.marksOnPage(),
            "body",
            body,
            "script",
            resource("figures.js")));
  }

  /** Returns a file of the class path as text. */
  static String resource(String name) {
    try (InputStream in = Template.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("not on the class path: " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name + " from the class path", e);
    }
  }
}
