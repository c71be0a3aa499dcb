package org.isoflop.harness.data.formats;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.isoflop.harness.data.NearDuplicates;

/** Why something that lies in a corpus is no document of it. */
public enum LeftOut {
  /** Another document has the same text. */
  @JsonProperty("duplicate")
  DUPLICATE("duplicate"),
  /** Another document has nearly the same text, see {@link NearDuplicates}. */
  @JsonProperty("near_duplicate")
  NEAR_DUPLICATE("near duplicate"),
  /** Nothing but blanks, or a null. */
  @JsonProperty("empty")
  EMPTY("empty"),
  /** Holds a NUL byte, which no text has, or begins as a file does that is no text. */
  @JsonProperty("binary")
  BINARY("binary"),
  /** A file or a whole folder whose name begins with a dot, also in an archive. */
  @JsonProperty("hidden")
  HIDDEN("hidden"),
  /** A symbolic link that leads out of the folder it was found in, or nowhere. */
  @JsonProperty("linked")
  LINKED("linked from elsewhere"),
  /** The folder of a sweep, or the configuration being run. */
  @JsonProperty("of_sweeps")
  OF_SWEEPS("of sweeps"),
  /** A pipe, a socket or a device. */
  @JsonProperty("special")
  SPECIAL("neither file nor folder");

  private final String words;

  LeftOut(String words) {
    this.words = words;
  }

  /** Returns what such a thing is called after a number: "3 hidden". */
  public String words() {
    return words;
  }
}
