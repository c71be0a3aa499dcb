package org.isoflop.harness.analysis.points;

import java.util.ArrayList;
import java.util.List;
import org.isoflop.harness.Quantities;

/**
 * The sentences that stand beside the numbers, gathered on the way from a table to a result, what
 * matters most first.
 */
public final class Remarks {

  /** What a remark is for who acts on the numbers. */
  public enum Severity {
    /** Changes the answer or endangers it: must be known first. */
    WARNING,
    /** Says what was done, or in what light to read a number: can wait. */
    NOTE
  }

  /** One sentence, or a few that belong together. */
  public record Remark(Severity severity, String sentence) {}

  private final List<Remark> all = new ArrayList<>();

  /** Adds a warning, after those there are. */
  public void warn(String sentence) {
    add(true, sentence);
  }

  /** Adds a warning, formatted as {@link Quantities#format} does. */
  public void warn(String format, Object... arguments) {
    warn(Quantities.format(format, arguments));
  }

  /** Adds a note, after those there are. */
  public void note(String sentence) {
    add(false, sentence);
  }

  /** Adds a note, formatted as {@link Quantities#format} does. */
  public void note(String format, Object... arguments) {
    note(Quantities.format(format, arguments));
  }

  /** Adds a warning where the answer is in danger, else a note. */
  public void add(boolean endangered, String sentence) {
    all.add(new Remark(endangered ? Severity.WARNING : Severity.NOTE, sentence));
  }

  /** Adds other remarks, after those there are. */
  public void addAll(List<Remark> others) {
    all.addAll(others);
  }

  /** Returns all remarks, in the order they were added. */
  public List<Remark> all() {
    return List.copyOf(all);
  }

  /** Returns the warnings, in the order they were added. */
  public List<String> warnings() {
    return of(Severity.WARNING, all);
  }

  /** Returns the notes, in the order they were added. */
  public List<String> notes() {
    return of(Severity.NOTE, all);
  }

  /** Returns the sentences of one severity. */
  public static List<String> of(Severity severity, List<Remark> remarks) {
    return remarks.stream()
        .filter(remark -> remark.severity() == severity)
        .map(Remark::sentence)
        .toList();
  }
}
