package org.isoflop.harness.config;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import java.io.IOException;
import java.util.List;

/**
 * Writes a grid as a user spells it: by its cells where they are named, else by budgets × sizes.
 */
final class GridSerializer extends JsonSerializer<Grid> {

  @Override
  public void serialize(Grid grid, JsonGenerator out, SerializerProvider provider)
      throws IOException {
    out.writeStartObject();
    if (grid.cells().isEmpty()) {
      provider.defaultSerializeField("budgets", grid.budgets(), out);
      provider.defaultSerializeField("sizes", grid.sizes(), out);
      provider.defaultSerializeField("expected", grid.expected(), out);
    } else {
      out.writeArrayFieldStart("cells");
      for (GridCell cell : grid.cells()) {
        out.writeStartObject();
        provider.defaultSerializeField("budget", cell.budget(), out);
        provider.defaultSerializeField("params", cell.params(), out);
        if (cell.seed().isPresent()) {
          out.writeNumberField("seed", cell.seed().getAsLong());
        }
        if (cell.seeds().isPresent()) {
          out.writeNumberField("seeds", cell.seeds().getAsInt());
        }
        multipliers("learning_rate_multipliers", cell.learningRateMultipliers(), out, provider);
        multipliers("batch_multipliers", cell.batchMultipliers(), out, provider);
        if (!cell.changes().equals(Changes.NONE)) {
          provider.defaultSerializeField("changes", cell.changes(), out);
        }
        out.writeEndObject();
      }
      out.writeEndArray();
    }
    out.writeEndObject();
  }

  private static void multipliers(
      String key, List<Double> multipliers, JsonGenerator out, SerializerProvider provider)
      throws IOException {
    if (!multipliers.isEmpty()) {
      provider.defaultSerializeField(key, multipliers, out);
    }
  }
}
