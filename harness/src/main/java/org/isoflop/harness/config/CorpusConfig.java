package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Checks.checkEither;
import static org.isoflop.harness.config.Checks.checkRange;
import static org.isoflop.harness.config.Checks.checkTexts;
import static org.isoflop.harness.config.Checks.checkThere;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.isoflop.harness.config.Checks.KeyException;
import org.isoflop.harness.data.tokenizers.Tokenizers;

/**
 * The text a sweep trains and evaluates on.
 *
 * <p>A folder of {@code isoflop tokenize} says it all, {@code corpus: {tokens: DIR}}: what was
 * asked for when its tokens were made takes the places of the other keys, so that a sweep's own
 * configuration has them too. Where they are said as well, they must say the same.
 *
 * @param documentSeparator empty where each file is a document
 * @param validationFraction 0 where one of the next two says which are
 */
public record CorpusConfig(
    @Words(
            "From the folder the command runs in: files, folders, archives (zip, jar, tar), or glob"
                + " patterns of them. {formats}. Files and tar archives also compressed by gzip,"
                + " zstd, xz or bzip2. What a file is, its first bytes tell, or its name. Hidden"
                + " files, sweeps' folders and links to elsewhere are left out.")
        List<String> files,
    @Words(INCLUDE_WORDS) List<String> include,
    @Words(TEXT_WORDS) String text,
    @Words(
            "How text becomes tokens: {tokenizers}, or the path of a Hugging Face tokenizer.json."
                + " Default: bytes")
        String tokenizer,
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Words(value = DOCUMENT_SEPARATOR_WORDS, example = "'<|endoftext|>'")
        String documentSeparator,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) @Words(VALIDATION_FRACTION_WORDS)
        double validationFraction,
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Words(value = VALIDATION_FILES_WORDS, example = "[val.txt]")
        List<String> validationFiles,
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Words(value = VALIDATION_AS_IN_WORDS, example = "runs/earlier")
        String validationAsIn,
    @Words(NEAR_DUPLICATES_WORDS) double nearDuplicates,
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Words(
            value =
                "In place of all these: a folder that 'isoflop tokenize' has made of text, for any"
                    + " number of sweeps.",
            example = "runs/tokens")
        String tokens) {

  /** The words of {@code include}, which is an option of commands too. */
  public static final String INCLUDE_WORDS =
      "Which files of a folder or an archive are taken. Default: [\"**\"], all of them.";

  /** The words of {@code text}, which is an option of commands too. */
  public static final String TEXT_WORDS =
      "Name of the field (JSON) or column (Parquet, CSV) that holds the text; dots lead into"
          + " objects. One that is null or blank is left out; a line without it, or with no text in"
          + " it, is an error. Default: text";

  /** The words of {@code document_separator}, which is an option of commands too. */
  public static final String DOCUMENT_SEPARATOR_WORDS =
      "Text that stands between the documents of a plain text, such as \"<|endoftext|>\". Default:"
          + " none; a file is a document then, and too few of them to split are cut into blocks of"
          + " 4 KiB.";

  /** The words of {@code validation_fraction}, which is an option of commands too. */
  public static final String VALIDATION_FRACTION_WORDS =
      "Share of the documents kept for evaluation, by their content, at most 0.5. Default: 0.05";

  /** The words of {@code validation_files}, which is an option of commands too. */
  public static final String VALIDATION_FILES_WORDS =
      "In place of that share: files, folders, archives or patterns whose documents are kept for"
          + " evaluation. What of files equals one of them is not trained on.";

  /** The words of {@code validation_as_in}, which is an option of commands too. */
  public static final String VALIDATION_AS_IN_WORDS =
      "In place of either: the folder of an earlier 'isoflop tokenize' or sweep. Exactly what it"
          + " held out is held out again, so that losses compare, however much text has been added"
          + " to files.";

  /** The words of {@code near_duplicates}, which is an option of commands too. */
  public static final String NEAR_DUPLICATES_WORDS =
      "Documents that are nearly others are left out, those that are trained on rather than those"
          + " held out: from which Jaccard similarity of their runs of five words on, such as 0.8,"
          + " estimated by MinHash, in a reading of its own. Equal ones always are. 0 looks for"
          + " none. Default: 0";

  private static final String TEXT = "text";
  private static final String BYTES = "bytes";

  private static final String TOKENS = "tokens";
  private static final String FILE = "corpus.json";
  private static final String FIRST_SHARD = "train-0.bin";

  /** The keys that are of the text, as the file of a folder of tokens has them too. */
  private static final List<String> OF_TEXT =
      List.of(
          "files",
          "include",
          "text",
          "document_separator",
          "validation_fraction",
          "validation_files",
          "validation_as_in",
          "near_duplicates");

  /** Refuses values out of range with {@link IllegalArgumentException}. */
  public CorpusConfig {
    checkThere(files, "files", "list the text files to train on");
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
        Tokenizers.isKnown(tokenizer),
        "tokenizer",
        "'%s' is not a known tokenizer, use %s",
        tokenizer,
        Tokenizers.wanted());
    if (!validationFiles.isEmpty()) {
      checkTexts(validationFiles, "validation_files", "name a file or pattern");
    }
    checkEither(
        !validationFiles.isEmpty() && !validationAsIn.isEmpty(),
        "validation_files",
        "validation_as_in");
    boolean pinned = !validationFiles.isEmpty() || !validationAsIn.isEmpty();
    checkEither(
        pinned && validationFraction != 0,
        "validation_fraction",
        validationAsIn.isEmpty() ? "validation_files" : "validation_as_in");
    checkRange(
        nearDuplicates == 0 || (nearDuplicates >= 0.5 && nearDuplicates < 1),
        "near_duplicates",
        nearDuplicates,
        "a similarity from 0.5 to below 1, such as 0.8, or 0 to look for none");
    checkRange(
        pinned || (validationFraction > 0 && validationFraction <= 0.5),
        "validation_fraction",
        validationFraction,
        "more than 0 and at most 0.5");
  }

  /** Returns the defaults around these files. */
  public static CorpusConfig of(List<String> files) {
    return new CorpusConfig(files, List.of("**"), TEXT, BYTES, "", 0.05, List.of(), "", 0, "");
  }

  /** Tells whether a folder is one of {@code isoflop tokenize}. */
  public static boolean isTokens(Path folder) {
    // A corpus.json alone may be anybody's text.
    return Files.isRegularFile(folder.resolve(FILE))
        && Files.isRegularFile(folder.resolve(FIRST_SHARD));
  }

  /**
   * Returns the corpus whose tokens a folder of {@code isoflop tokenize} holds.
   *
   * @param said what else is said of it, by key of the section
   * @throws IllegalArgumentException where the folder is damaged, or its tokens are made otherwise
   */
  public static CorpusConfig ofTokens(String folder, Map<String, ?> said) {
    ObjectNode section = ConfigMapper.tree((Object) said).put(TOKENS, folder);
    try {
      complete(section);
      return ConfigMapper.bind(section, CorpusConfig.class);
    } catch (KeyException e) {
      throw new IllegalArgumentException(e.key() + " " + e.problem(), e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          folder + " is damaged (" + e.getOriginalMessage() + ")", e);
    }
  }

  /** Adds what a section leaves out: what a folder of tokens says that it names, and defaults. */
  static void complete(ObjectNode section) {
    if (section.path(TOKENS).isTextual()) {
      spellOut(section, section.get(TOKENS).asText());
    }
    ObjectNode usual = ConfigMapper.tree(of(List.of("any"))).without("files");
    if (section.has("validation_files") || section.has("validation_as_in")) {
      usual.put("validation_fraction", 0);
    }
    ConfigMapper.fillIn(section, usual);
  }

  private static void spellOut(ObjectNode section, String folder) {
    Path file;
    try {
      file = Path.of(folder).resolve(FILE);
    } catch (InvalidPathException e) {
      throw new KeyException(TOKENS, "'" + folder + "' is not a path (" + e.getReason() + ")");
    }
    if (!Files.isRegularFile(file)) {
      // A sweep's own configuration needs the folder only where it has not begun.
      check(
          section.has("tokenizer") && section.has("files"),
          TOKENS,
          "there is no %s, name the folder of an 'isoflop tokenize' that has ended",
          file);
      return;
    }
    JsonNode manifest;
    try {
      manifest = ConfigMapper.tree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw new KeyException(TOKENS, file + " is damaged (" + e.getOriginalMessage() + ")");
    } catch (IOException e) {
      throw new KeyException(TOKENS, file + " cannot be read (" + e + ")");
    }
    for (String key : OF_TEXT) {
      take(section, folder, key, manifest.path("source").path(key));
    }
    take(section, folder, "tokenizer", manifest.path("tokenizer_name"));
  }

  private static void take(ObjectNode section, String folder, String key, JsonNode made) {
    JsonNode said = section.get(key);
    check(
        said == null || isSame(said, made),
        key,
        "is %s, but the tokens of %s were made with %s",
        said,
        folder,
        made);
    if (!made.isMissingNode()) { // as in a folder of an earlier version, refused when it is opened
      section.set(key, made);
    }
  }

  /** Returns whether both are one value; as numbers 0 and 0.0 are. */
  private static boolean isSame(JsonNode said, JsonNode made) {
    return (said.isNumber() && made.isNumber())
        ? said.doubleValue() == made.doubleValue()
        : said.equals(made);
  }

  /** Returns the same with other files of folders and archives, and another field of rows. */
  public CorpusConfig taking(List<String> patterns, String field) {
    return with(patterns, field, tokenizer);
  }

  /** Returns the same in the tokens of another tokenizer. */
  public CorpusConfig encodedBy(String other) {
    return with(include, text, other);
  }

  private CorpusConfig with(List<String> patterns, String field, String otherTokenizer) {
    return new CorpusConfig(
        files,
        patterns,
        field,
        otherTokenizer,
        documentSeparator,
        validationFraction,
        validationFiles,
        validationAsIn,
        nearDuplicates,
        tokens);
  }
}
