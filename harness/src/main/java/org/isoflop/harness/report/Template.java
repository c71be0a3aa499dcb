package org.isoflop.harness.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Pages and sections out of templates on the class path. */
final class Template {

  /** The version stands in the webjar's path; the parent POM sets it. */
  private static final String ECHARTS =
      "/META-INF/resources/_static/echarts/6.0.0/dist/echarts.min.js";

  private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z.-]+)}}");

  private Template() {}

  /**
   * Fills each place of a template once; what a part contains is never looked at again.
   *
   * @param name of the template
   * @param parts HTML by the name of its place
   */
  static String fill(String name, Map<String, String> parts) {
    return fillText(resource(name), parts);
  }

  /**
   * Fills the page around a body.
   *
   * @param title of the window, HTML
   * @param palette declarations of the colours
   * @param body HTML
   * @param data JSON that is safe inside a script
   * @param scripts their names, in the order they run
   */
  static String page(String title, String palette, String body, String data, List<String> scripts) {
    StringBuilder script = new StringBuilder();
    scripts.forEach(name -> script.append(inScript(resource(name))).append('\n'));
    Map<String, String> parts = new HashMap<>();
    parts.put("title", title);
    parts.put("palette", palette);
    parts.put("style", resource("report.css"));
    parts.put("body", body);
    parts.put("data", data);
    parts.put("echarts", inScript(resource(ECHARTS)));
    parts.put("scripts", script.toString());
    return fill("page.html", parts);
  }

  /**
   * Fills a page that has no scripts around a body.
   *
   * @param title of the window, HTML
   * @param body HTML
   */
  static String plainPage(String title, String body) {
    return fill(
        "plain.html", Map.of("title", title, "style", resource("report.css"), "body", body));
  }

  private static String fillText(String template, Map<String, String> parts) {
    return PLACE
        .matcher(template)
        .replaceAll(
            place -> {
              String part = parts.get(place.group(1));
              if (part == null) {
                throw new IllegalStateException("nothing fills " + place.group());
              }
              return Matcher.quoteReplacement(part);
            });
  }

  /** Keeps a script from ending its own element; both forms mean the same in JavaScript strings. */
  private static String inScript(String script) {
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--");
  }

  private static String resource(String name) {
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
