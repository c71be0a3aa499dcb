package org.isoflop.harness.analysis.points;

import java.util.ArrayList;
import java.util.List;
import org.isoflop.harness.Quantities;

/**
 * The sentences that stand beside the numbers, gathered on the way from a table to a result.
 *
 * <p>A <em>warning</em> changes the answer or endangers it: who acts on the numbers must know it
 * first. A <em>note</em> says what was done, or in what light to read a number, and can wait.
 */
public final class Remarks {

  private final List<String> warnings = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /** Adds a warning, after those there are. */
  public void warn(String sentence) {
    warnings.add(sentence);
  }

  /** Adds a warning, formatted as {@link Quantities#format} does. */
  public void warn(String format, Object... arguments) {
    warnings.add(Quantities.format(format, arguments));
  }

  /** Adds a note, after those there are. */
  public void note(String sentence) {
    notes.add(sentence);
  }

  /** Adds a note, formatted as {@link Quantities#format} does. */
  public void note(String format, Object... arguments) {
    notes.add(Quantities.format(format, arguments));
  }

  /** Adds the remarks of a reading, after those there are. */
  public void addAll(LossPoints read) {
    warnings.addAll(read.warnings());
    notes.addAll(read.notes());
  }

  /** Returns the warnings, in the order they were added. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** Returns the notes, in the order they were added. */
  public List<String> notes() {
    return List.copyOf(notes);
  }
}
