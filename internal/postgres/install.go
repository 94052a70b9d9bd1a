package postgres

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// Binaries is the folder of PostgreSQL's server binaries.
func Binaries() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	var folders []string
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin"} {
		found, _ := filepath.Glob(pattern) // the patterns are right
		folders = append(folders, found...)
	}
	slices.Reverse(folders) // the newest first
	for _, folder := range folders {
		if _, err := os.Stat(filepath.Join(folder, "initdb")); err == nil {
			return folder, nil
		}
	}
	return "", errors.New("there is no PostgreSQL server: install one (Debian: apt-get install postgresql; macOS: brew install postgresql)")
}

// Account is who runs the server, for PostgreSQL refuses root; nil is whoever this is.
func Account() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		if who, err = user.Lookup("nobody"); err != nil {
			return nil, fmt.Errorf("PostgreSQL does not run as root, and there is no other account: %w", err)
		}
	}
	uid, err := strconv.ParseUint(who.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(who.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, err
}

// Own makes a folder that of the account, nil for nobody else's.
func Own(folder string, account *syscall.Credential) error {
	if account == nil {
		return nil
	}
	return os.Chown(folder, int(account.Uid), int(account.Gid))
}

// Create makes a data directory, whose only user is postgres, without a password. It runs
// in a folder that the account may enter.
func Create(bin, data, folder string, account *syscall.Credential) error {
	command := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	command.Dir, command.SysProcAttr = folder, &syscall.SysProcAttr{Credential: account}
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}
