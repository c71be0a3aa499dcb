package org.isoflop.harness.data.formats;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.data.CorpusStatistics;
import org.isoflop.harness.data.NearDuplicates;

/**
 * Where the text of a sweep comes from, where it is cut into documents, and how much is held out.
 *
 * <p>Globs are a shell's: {@code *} and {@code ?} stop at {@code /}, {@code **} does not and {@code
 * **}{@code /} also stands for no folder at all, so that {@code **}{@code /*.java} finds {@code
 * A.java} too. What a folder or a glob finds and is hidden, of a sweep, or linked from elsewhere,
 * is left out, see {@link LeftOut}; what is named is read.
 *
 * @param files files, folders, zip, jar or tar archives, or globs for any of these, relative to the
 *     working directory. A folder is read with everything below it. A file that is compressed is
 *     what it holds, see {@link Codec}. An archive is read where it is named here, by path or by
 *     glob; one that merely lies inside a folder or another archive is a binary file
 * @param include globs for the path of a document inside its folder or archive, with {@code /}
 *     between names; a document that matches any is read; none at all means everything. A file that
 *     {@code files} names itself is read in any case
 * @param text name of the field or column that holds the text where a file has such; dots lead into
 *     what it holds
 * @param documentSeparator what stands between the documents of one plain text; empty where a file
 *     is one
 * @param validationFraction the part of the documents to hold out, above 0 and at most 0.5; see
 *     {@link CorpusStatistics} for how it is met; 0 where one of the following says what to hold
 *     out
 * @param validationFiles the same as {@code files}, for what is held out: all its documents, and
 *     those of {@code files} that are equal to any
 * @param validationAsIn the folder of an earlier token store, or of a sweep that has one: exactly
 *     the documents that it holds out are held out; empty for none
 * @param nearDuplicates Jaccard similarity of word 5-grams from which on the later of two documents
 *     is left out, see {@link NearDuplicates}; 0 where only equal ones are
 */
public record CorpusSource(
    List<String> files,
    List<String> include,
    @JsonSetter(nulls = Nulls.AS_EMPTY) String text,
    String documentSeparator,
    double validationFraction,
    @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> validationFiles,
    @JsonSetter(nulls = Nulls.AS_EMPTY) String validationAsIn,
    @JsonSetter(nulls = Nulls.AS_EMPTY) double nearDuplicates) {

  /** Holds out a fraction of the documents, by content. */
  public CorpusSource(
      List<String> files,
      List<String> include,
      String text,
      String documentSeparator,
      double validationFraction) {
    this(files, include, text, documentSeparator, validationFraction, List.of(), "", 0);
  }

  /**
   * Refuses an empty list of files, blank names, wrong globs, fractions out of range, and two ways
   * of saying what is held out.
   */
  public CorpusSource {
    files = List.copyOf(files);
    include = List.copyOf(include);
    text = text.isEmpty() ? "text" : text; // as where an earlier version wrote none
    if (files.isEmpty()) {
      throw new BadInputException(
          "corpus: files is empty; at least one file, folder, archive or glob would do");
    }
    validationFiles = List.copyOf(validationFiles);
    if (Stream.of(files, include, validationFiles)
        .flatMap(List::stream)
        .anyMatch(String::isBlank)) {
      throw new BadInputException(
          "corpus: a blank name among files, validation_files or include; remove it");
    }
    include.forEach(Glob::of);
    boolean pinned = !validationFiles.isEmpty() || !validationAsIn.isEmpty();
    if (pinned ? validationFraction != 0 : !(validationFraction > 0 && validationFraction <= 0.5)) {
      throw BadInputException.of(
          "corpus: validation_fraction is %s; %s",
          validationFraction,
          pinned
              ? "validation_files or validation_as_in says what is held out, use one of them"
              : "above 0 and at most 0.5 would do");
    }
    if (!validationFiles.isEmpty() && !validationAsIn.isEmpty()) {
      throw new BadInputException(
          "corpus: validation_files does not go with validation_as_in, use one of them");
    }
    if (nearDuplicates != 0 && !(nearDuplicates >= 0.5 && nearDuplicates < 1)) {
      throw BadInputException.of(
          "corpus: near_duplicates is %s; a similarity from 0.5 to below 1 would do, such as 0.8,"
              + " or 0 to look for none",
          nearDuplicates);
    }
  }

  /**
   * Whether a fraction of the documents is held out, by content, rather than some in particular.
   */
  public boolean holdsOutByContent() {
    return validationFraction > 0;
  }

  /** Whether some of the files are asked for as tokens, see {@link TokenShards}. */
  public boolean asksForTokens() {
    return Stream.of(files, include, validationFiles)
        .flatMap(List::stream)
        .anyMatch(TokenShards::isNamed);
  }

  /** Returns what to say where all documents there are were passed over. */
  public BadInputException noneIncluded(List<String> names, long passedOver) {
    return BadInputException.of(
        "corpus: none of the %d documents in %s matches include %s; globs such as **/*.txt match"
            + " the path inside a folder or archive",
        passedOver, names, include);
  }
}
