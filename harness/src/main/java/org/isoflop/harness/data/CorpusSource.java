package org.isoflop.harness.data;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import org.isoflop.harness.BadInputException;

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
 *     {@link CorpusStatistics} for how it is met
 */
public record CorpusSource(
    List<String> files,
    List<String> include,
    @JsonSetter(nulls = Nulls.AS_EMPTY) String text,
    String documentSeparator,
    double validationFraction) {

  /** Refuses an empty list of files, blank names, wrong globs, and fractions out of range. */
  public CorpusSource {
    files = List.copyOf(files);
    include = List.copyOf(include);
    text = text.isEmpty() ? "text" : text; // as where an earlier version wrote none
    if (files.isEmpty()) {
      throw new BadInputException(
          "corpus: files is empty; at least one file, folder, archive or glob would do");
    }
    if (files.stream().anyMatch(String::isBlank) || include.stream().anyMatch(String::isBlank)) {
      throw new BadInputException("corpus: a blank name among files or include; remove it");
    }
    include.forEach(Glob::of);
    if (!(validationFraction > 0 && validationFraction <= 0.5)) {
      throw BadInputException.of(
          "corpus: validation_fraction is %s; above 0 and at most 0.5 would do",
          validationFraction);
    }
  }

  /** Returns what to say where all documents there are were passed over. */
  BadInputException noneIncluded(long passedOver) {
    return BadInputException.of(
        "corpus: none of the %d documents in %s matches include %s; globs such as **/*.txt match the"
            + " path inside a folder or archive",
        passedOver, files, include);
  }
}
