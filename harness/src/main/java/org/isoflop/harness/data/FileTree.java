package org.isoflop.harness.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;

/**
 * What lies below a folder, in the order of names and with links followed, each real folder entered
 * once: a link that leads back up cannot loop, and the answer does not depend on the order in which
 * the system lists a folder. Broken links, pipes and devices are left out.
 */
final class FileTree {

  private final int deepest;
  private final Set<Path> entered = new HashSet<>();
  private final List<Path> found = new ArrayList<>();

  private FileTree(int deepest) {
    this.deepest = deepest;
  }

  /**
   * Lists files and folders below a folder, itself left out.
   *
   * @param deepest how many names below the folder to look; 1 is its own content
   * @throws BadInputException where a folder cannot be read
   */
  static List<Path> below(Path folder, int deepest) {
    FileTree tree = new FileTree(deepest);
    tree.enter(folder, 1);
    return tree.found;
  }

  private void enter(Path folder, int depth) {
    if (depth > deepest) {
      return;
    }
    List<Path> children;
    try {
      if (!entered.add(folder.toRealPath())) {
        return;
      }
      try (Stream<Path> listing = Files.list(folder)) {
        children = listing.sorted().toList();
      }
    } catch (IOException e) {
      throw BadInputException.of(
          "%s: the folder cannot be read (%s); give yourself the right to list it, or leave it out",
          folder, e);
    }
    for (Path child : children) {
      if (Files.isDirectory(child)) {
        found.add(child);
        enter(child, depth + 1);
      } else if (Files.isRegularFile(child)) {
        found.add(child);
      }
    }
  }
}
