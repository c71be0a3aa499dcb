package org.isoflop.harness;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another Java with this one's class path, which starts as fast as may be. */
public final class TestJava {

  private TestJava() {}

  /** Returns the command line that runs a class, the options of Java first. */
  public static List<String> command(Class<?> main, List<String> options, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }
}
