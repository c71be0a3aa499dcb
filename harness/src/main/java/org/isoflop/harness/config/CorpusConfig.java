package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Checks.checkTexts;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The text a sweep trains and evaluates on.
 *
 * @param files text files, folders, archives or glob patterns of them, from the working folder
 * @param include glob patterns of the files taken from a folder or an archive
 * @param text name of the field or column that holds the text, where files have such
 * @param tokenizer how text becomes tokens: {@code bytes}, {@code gpt2}, {@code cl100k}, or the
 *     path of a {@code tokenizer.json}, which ends so
 * @param documentSeparator text that stands between the documents of a file; empty where each file
 *     is a document
 * @param validationFraction share of the documents kept for evaluation, in (0, 0.5]; 0 where one of
 *     the next two says which are
 * @param validationFiles as {@code files}, for what is kept for evaluation
 * @param validationAsIn a folder of tokens or a sweep: what is held out there is kept for
 *     evaluation; empty for none
 * @param nearDuplicates similarity from which on the later of two documents is left out; 0 where
 *     only equal ones are
 * @param tokens a folder of {@code isoflop tokenize}, whose tokens are taken; the rest is then what
 *     it was asked for; empty where text is read
 */
public record CorpusConfig(
    List<String> files,
    List<String> include,
    String text,
    String tokenizer,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) String documentSeparator,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) double validationFraction,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> validationFiles,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) String validationAsIn,
    double nearDuplicates,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) String tokens) {

  private static final String TEXT = "text";
  private static final String BYTES = "bytes";
  static final Set<String> TOKENIZERS = Set.of(BYTES, "gpt2", "cl100k");

  /** Keys in place of a fraction. */
  static final Set<String> VALIDATION_PINNED = Set.of("validation_files", "validation_as_in");

  /** Refuses values out of range with {@link IllegalArgumentException}. */
  public CorpusConfig {
    files = List.copyOf(files);
    include = List.copyOf(include);
    validationFiles = validationFiles == null ? List.of() : List.copyOf(validationFiles);
    validationAsIn = validationAsIn == null ? "" : validationAsIn;
    text = text == null ? TEXT : text;
    documentSeparator = documentSeparator == null ? "" : documentSeparator;
    tokens = tokens == null ? "" : tokens;
    checkTexts(files, "files", "name at least one file or pattern");
    checkTexts(include, "include", "use [\"**\"] to take every entry");
    check(!text.isBlank(), "text", "is blank, name the field or column that holds the text");
    check(
        TOKENIZERS.contains(tokenizer) || tokenizer.endsWith(".json"),
        "tokenizer",
        "'%s' is not a known tokenizer, use bytes, gpt2, cl100k or the path of a tokenizer.json",
        tokenizer);
    for (int i = 0; i < validationFiles.size(); i++) {
      check(
          !validationFiles.get(i).isBlank(),
          "validation_files[" + i + "]",
          "is blank, name a file or pattern");
    }
    check(
        validationFiles.isEmpty() || validationAsIn.isEmpty(),
        "validation_files",
        "does not go with corpus.validation_as_in, use one of them");
    boolean pinned = !validationFiles.isEmpty() || !validationAsIn.isEmpty();
    check(
        !pinned || validationFraction == 0,
        "validation_fraction",
        "does not go with corpus.%s, use one of them",
        validationAsIn.isEmpty() ? "validation_files" : "validation_as_in");
    check(
        nearDuplicates == 0 || (nearDuplicates >= 0.5 && nearDuplicates < 1),
        "near_duplicates",
        "%s is out of range, use a similarity from 0.5 to below 1, such as 0.8, or 0 to look for"
            + " none",
        Numbers.text(nearDuplicates));
    check(
        pinned || (validationFraction > 0 && validationFraction <= 0.5),
        "validation_fraction",
        "%s is out of range, use more than 0 and at most 0.5",
        Numbers.text(validationFraction));
  }

  /** Returns the defaults around these files. */
  public static CorpusConfig of(List<String> files) {
    return new CorpusConfig(files, List.of("**"), TEXT, BYTES, "", 0.05, List.of(), "", 0, "");
  }

  /** Tells whether a folder is one of {@code isoflop tokenize}. */
  public static boolean isTokens(Path folder) {
    return TokenizedCorpus.isAt(folder);
  }

  /**
   * Returns the corpus whose tokens a folder of {@code isoflop tokenize} holds.
   *
   * @param said what else is said of it, by key of the section
   * @throws IllegalArgumentException where the folder is damaged, or its tokens are made otherwise
   */
  public static CorpusConfig ofTokens(String folder, Map<String, ?> said) {
    ObjectNode section = ConfigMapper.tree((Object) said).put(TokenizedCorpus.KEY, folder);
    try {
      TokenizedCorpus.spellOut(section);
      return ConfigMapper.bind(section, CorpusConfig.class);
    } catch (TokenizedCorpus.KeyException e) {
      throw new IllegalArgumentException(e.key() + " " + e.getMessage(), e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          folder + " is damaged (" + e.getOriginalMessage() + ")", e);
    }
  }

  /** Returns the same with other files of folders and archives, and another field of rows. */
  public CorpusConfig taking(List<String> patterns, String field) {
    return new CorpusConfig(
        files,
        patterns,
        field,
        tokenizer,
        documentSeparator,
        validationFraction,
        validationFiles,
        validationAsIn,
        nearDuplicates,
        tokens);
  }

  /** Returns the same in the tokens of another tokenizer. */
  public CorpusConfig encodedBy(String other) {
    return new CorpusConfig(
        files,
        include,
        text,
        other,
        documentSeparator,
        validationFraction,
        validationFiles,
        validationAsIn,
        nearDuplicates,
        tokens);
  }
}
