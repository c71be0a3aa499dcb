package org.isoflop.harness.analysis;

import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.Iterator;

/**
 * JSON that a person can read and compare line by line: a row of a table is one line, where
 * Jackson's own layout gives every number a line and a table of residuals thousands.
 */
final class JsonLines {

  private static final ObjectWriter INLINE =
      new ObjectMapper()
          .writer(
              new DefaultPrettyPrinter(
                      Separators.createDefaultInstance()
                          .withObjectFieldValueSpacing(Separators.Spacing.AFTER))
                  .withObjectIndenter(DefaultPrettyPrinter.FixedSpaceIndenter.instance));

  private JsonLines() {}

  /** Writes the tree, with the keys of the root and the rows of its tables a line each. */
  static void write(JsonNode root, Writer out) throws IOException {
    write(root, 0, out);
    out.write('\n');
  }

  private static void write(JsonNode node, int depth, Writer out) throws IOException {
    if (depth > 1 || !isTable(node)) {
      out.write(INLINE.writeValueAsString(node));
      return;
    }
    out.write(node.isArray() ? '[' : '{');
    String separator = "";
    Iterator<String> names = node.fieldNames();
    for (JsonNode child : node) {
      out.write(separator);
      out.write(newLine(depth + 1));
      if (names.hasNext()) {
        out.write(INLINE.writeValueAsString(names.next()) + ": ");
      }
      write(child, depth + 1, out);
      separator = ",";
    }
    out.write(newLine(depth));
    out.write(node.isArray() ? ']' : '}');
  }

  private static String newLine(int depth) {
    return "\n" + "  ".repeat(depth);
  }

  private static boolean isTable(JsonNode node) {
    boolean holdsRows = false;
    for (JsonNode child : node) {
      holdsRows |= child.isContainerNode() || (node.isArray() && child.isTextual());
    }
    return holdsRows;
  }
}
