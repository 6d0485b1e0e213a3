package dev.mainstay.linux;

/// What the kernel's error numbers mean to an operator.
public final class ErrorNumber {
    /// No such file or directory.
    public static final int ENOENT = 2;
    /// Argument list or environment too long.
    public static final int E2BIG = 7;
    /// Not a program.
    public static final int ENOEXEC = 8;
    /// A part of the path is no folder.
    public static final int ENOTDIR = 20;
    /// Not permitted.
    public static final int EACCES = 13;

    private ErrorNumber() {}

    /// The meaning in words, with the number behind.
    public static String words(long number) {
        var words = switch ((int) number) {
            case 1 -> "the operation is not permitted";
            case ENOENT -> "there is no such file or folder";
            case 5 -> "the device or file server reports an error";
            case 6 -> "nobody is at the other end";
            case E2BIG -> "arguments and environment are too long together";
            case ENOEXEC -> "it is no program this machine can run";
            case 11 -> "a limit of processes or threads is reached";
            case 12 -> "there is no memory left";
            case EACCES -> "permission denied";
            case 16 -> "it is in use";
            case ENOTDIR -> "a part of the path is no folder";
            case 21 -> "it is a folder";
            case 22 -> "the kernel finds an argument wrong";
            case 23, 24 -> "too many files are open";
            case 26 -> "the program file is open for writing";
            case 28 -> "no space is left on the disk";
            case 30 -> "the file system is read-only";
            case 36 -> "the name is too long";
            case 38 -> "this kernel does not know the call";
            case 40 -> "it is a symbolic link, which is not followed here";
            case 116 -> "the file server has lost the file";
            case 122 -> "the quota is used up";
            default -> "the kernel refuses";
        };
        return "%s (error %d)".formatted(words, number);
    }
}
