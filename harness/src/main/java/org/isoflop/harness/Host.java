package org.isoflop.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.CRC32C;

/** The machine that this process runs on, as one of several that share a folder. */
public final class Host {

  private static final String NAME = findName();
  private static final String PROCESSES = findProcesses();

  private Host() {}

  /** Returns the machine's name, as it calls itself. */
  public static String name() {
    return NAME;
  }

  /**
   * Returns eight digits for where the number of a process is its own: on this host and, as
   * containers count their processes apart, in this one of its containers.
   */
  static String processes() {
    return PROCESSES;
  }

  /** Returns what names one of the processes that count as this one, on whatever machine. */
  public static String process(long pid) {
    return PROCESSES + "-" + pid;
  }

  private static String findName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      // Another system than Linux.
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  private static String findProcesses() {
    String counted = name();
    try {
      counted += " " + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    } catch (IOException e) {
      // Another system than Linux.
    }
    CRC32C digits = new CRC32C();
    digits.update(counted.getBytes(StandardCharsets.UTF_8));
    return String.format(Locale.ROOT, "%08x", digits.getValue());
  }
}
