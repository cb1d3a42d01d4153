import { describe, expect, it } from 'vitest';
import { filtersInput, LINUX_PROBES, mountedDevices } from '#face-model/posture/linux-probes.ts';
import { networksOf, probePosture } from '#face-model/posture/probe-posture.ts';
import { RECORDED_NOW_MS, recordedMachine, type Recorded } from '#test/support/recorded-machine.ts';

const DAY_MS = 86_400_000;
const root = (device: string, more = ''): string =>
  `22 27 0:21 / /proc rw - proc proc rw\n27 1 ${device} / / rw,relatime - ext4 /dev/x rw\n${more}`;
const block = (device: string, rest = ''): string => `/sys/dev/block/${device}${rest}`;

describe('the encryption of the disk', () => {
  const ask = (recorded: Recorded) => LINUX_PROBES.disk_encryption(recordedMachine(recorded));
  const mountinfo = (text: string) => ({ '/proc/self/mountinfo': text });

  it('is on where the root stands on a LUKS container, however deep', async () => {
    // LVM on LUKS on a partition, as installers of Debian and Fedora make it.
    const files = {
      ...mountinfo(root('254:1')),
      [block('254:1', '/dm/uuid')]: 'LVM-abc\n',
      [block('254:1', '/slaves/dm-0/dm/uuid')]: 'CRYPT-LUKS2-1234-sda3_crypt\n',
    };
    expect(await ask({ files, folders: { [block('254:1', '/slaves')]: ['dm-0'] } })).toBe('on');
    expect(await ask({ files: { ...mountinfo(root('254:0')), [block('254:0', '/dm/uuid')]: 'CRYPT-LUKS1-x\n' } })).toBe('on');
  });

  it('is off where any part of it is plain', async () => {
    const volume = { [block('254:1', '/slaves')]: ['dm-0', 'sdb1'], [block('254:1', '/slaves/sdb1')]: ['partition'] };
    const files = { ...mountinfo(root('254:1')), [block('254:1', '/slaves/dm-0/dm/uuid')]: 'CRYPT-LUKS2-x' };
    expect(await ask({ files, folders: volume })).toBe('off');
    expect(await ask({ files: mountinfo(root('8:1')), folders: { [block('8:1')]: ['partition', 'size'] } })).toBe('off');
    const home = root('254:0', '30 27 8:2 / /home rw - ext4 /dev/sda2 rw\n');
    const plainHome = { [block('8:2')]: ['partition'] };
    expect(await ask({ files: { ...mountinfo(home), [block('254:0', '/dm/uuid')]: 'CRYPT-x' }, folders: plainHome })).toBe('off');
  });

  it('is off where the root is only protected against changes: anybody can read it', async () => {
    // As image-based distributions start: dm-verity, or dm-integrity, on a partition.
    for (const kind of ['VERITY', 'INTEGRITY']) {
      const files = { ...mountinfo(root('254:0')), [block('254:0', '/dm/uuid')]: `CRYPT-${kind}-1234-root\n` };
      const folders = { [block('254:0', '/slaves')]: ['sda3'], [block('254:0', '/slaves/sda3')]: ['partition', 'size'] };
      expect(await ask({ files, folders })).toBe('off');
    }
  });

  it('is unknown where the root is no block device, or cannot be read', async () => {
    expect(await ask({})).toBe('unknown');
    expect(await ask({ files: mountinfo(root('0:44')) })).toBe('unknown');
    expect(await ask({ files: mountinfo(root('8:1')) })).toBe('unknown');
    expect(mountedDevices('nothing')).toBeNull();
    const endless = { files: mountinfo(root('254:0')), folders: new Proxy({}, { get: () => ['dm-0'] }) };
    expect(await ask(endless)).toBe('unknown');
  });
});

/** /etc/default/ufw as Ubuntu installs it, shortened. */
const UFW_DROPS = 'IPV6=yes\nDEFAULT_INPUT_POLICY="DROP"\nDEFAULT_OUTPUT_POLICY="ACCEPT"\n';

describe('the firewall', () => {
  const ask = (recorded: Recorded) => LINUX_PROBES.firewall(recordedMachine(recorded));
  const chain = (body: string): string => `table inet filter {\n\tchain input {\n\t\t${body}\n\t}\n}`;

  it.each([
    ['ufw', { files: { '/etc/ufw/ufw.conf': '# comment\nENABLED=yes\nLOGLEVEL=low\n', '/etc/default/ufw': UFW_DROPS } }],
    ['firewalld', { commands: { 'systemctl is-active firewalld': 'active\n' } }],
    ['nftables, by its policy', { commands: { 'nft list ruleset': chain('type filter hook input priority filter; policy drop;') } }],
    [
      'nftables, by its last rule, as firewalld writes it',
      {
        commands: {
          'nft list ruleset': chain(
            'type filter hook input priority filter + 10; policy accept;\n\t\tct state { established, related } accept\n\t\treject with icmpx admin-prohibited',
          ),
        },
      },
    ],
    ['iptables', { commands: { 'iptables -S INPUT': '-P INPUT DROP\n' } }],
    ['iptables, by its last rule', { commands: { 'iptables -S INPUT': '-P INPUT ACCEPT\n-A INPUT -i lo -j ACCEPT\n-A INPUT -j DROP\n' } }],
  ])('is on by %s', async (_by, recorded) => {
    expect(await ask(recorded)).toBe('on');
  });

  it.each<[string, Recorded]>([
    ['ufw', { files: { '/etc/ufw/ufw.conf': 'ENABLED=yes\n', '/etc/default/ufw': UFW_DROPS.replace('DROP', 'ACCEPT') } }],
    ['firewalld', { commands: { 'systemctl is-active firewalld': 'active\n', 'firewall-cmd --get-default-zone': 'trusted\n' } }],
  ])('is not on by %s that lets everything in', async (_by, recorded) => {
    expect(await ask(recorded)).toBe('unknown');
    expect(await ask({ ...recorded, commands: { ...recorded.commands, 'iptables -S INPUT': '-P INPUT ACCEPT\n' } })).toBe('off');
  });

  it('is off where the rules can be read and filter nothing', async () => {
    expect(await ask({ commands: { 'nft list ruleset': '' }, files: { '/etc/ufw/ufw.conf': 'ENABLED=no\n' } })).toBe('off');
    expect(await ask({ commands: { 'iptables -S INPUT': '-P INPUT ACCEPT\n' } })).toBe('off');
    expect(filtersInput(chain('type filter hook forward priority 0; policy drop;'))).toBe(false);
  });

  it.each([
    ['one port', chain('type filter hook input priority 0; policy accept;\n tcp dport 22 drop')],
    ['what is broken', chain('type filter hook input priority 0; policy accept;\n ct state invalid drop\n tcp dport 22 accept')],
    ['IPv6 alone', chain('type filter hook input priority 0; policy drop;').replace('inet', 'ip6')],
    [
      'another chain',
      `${chain('type filter hook input priority 0; policy accept;')}\n${chain('type filter hook output priority 0; policy drop;')}`,
    ],
  ])('is off where it shuts %s', async (_what, ruleset) => {
    expect(await ask({ commands: { 'nft list ruleset': ruleset } })).toBe('off');
  });

  it('is off where an address was shut out, as fail2ban does', async () => {
    const rules = '-P INPUT ACCEPT\n-A INPUT -s 192.0.2.7/32 -j DROP\n';
    expect(await ask({ commands: { 'iptables -S INPUT': rules } })).toBe('off');
  });

  it('is unknown to whoever may not read the rules', async () => {
    expect(await ask({ files: { '/etc/ufw/ufw.conf': 'ENABLED=no\n' } })).toBe('unknown');
  });
});

describe('the lock of the screen', () => {
  const gnome = (lock: string, idle: string): Recorded => ({
    environment: { XDG_CURRENT_DESKTOP: 'ubuntu:GNOME' },
    commands: {
      'gsettings get org.gnome.desktop.screensaver lock-enabled': lock,
      'gsettings get org.gnome.desktop.session idle-delay': idle,
    },
  });
  const kde = (rc: string | null): Recorded => ({
    environment: { XDG_CURRENT_DESKTOP: 'KDE', HOME: '/home/ann' },
    files: rc === null ? {} : { '/home/ann/.config/kscreenlockerrc': rc },
  });
  it.each([
    [gnome('true\n', 'uint32 300\n'), 'on'],
    [gnome('false\n', 'uint32 300\n'), 'off'],
    [gnome('true\n', 'uint32 0\n'), 'off'],
    [gnome('No such schema\n', ''), 'unknown'],
    [kde('[Daemon]\nTimeout=5\n'), 'on'],
    [kde('[Daemon]\nAutolock=false\n'), 'off'],
    [kde(null), 'unknown'],
    // The schema is installed and another desktop runs.
    [{ ...gnome('true\n', 'uint32 300\n'), environment: { XDG_CURRENT_DESKTOP: 'sway' } }, 'unknown'],
    [{}, 'unknown'],
  ])('%# is what the desktop says', async (recorded, state) => {
    expect(await LINUX_PROBES.screen_lock(recordedMachine(recorded))).toBe(state);
  });
});

describe('secure boot', () => {
  const path = '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c';
  it.each([
    [{ files: { [path]: Uint8Array.of(6, 0, 0, 0, 1) } }, 'on'],
    [{ files: { [path]: Uint8Array.of(6, 0, 0, 0, 0) } }, 'off'],
    [{ files: { [path]: Uint8Array.of(6, 0, 0, 0, 9) } }, 'unknown'],
    [{ files: { [path]: Uint8Array.of(1) }, folders: { '/sys/firmware': ['acpi', 'efi'] } }, 'unknown'],
    [{ folders: { '/sys/firmware': ['acpi', 'efi'] } }, 'unknown'],
    [{ folders: { '/sys/firmware': ['acpi'] } }, 'off'],
    [{}, 'unknown'],
  ])('%# is what the firmware says', async (recorded, state) => {
    expect(await LINUX_PROBES.secure_boot(recordedMachine(recorded))).toBe(state);
  });
});

describe('a posture', () => {
  const release = { '/etc/os-release': 'NAME="Debian GNU/Linux"\nVERSION_ID="13"\n' };
  it('says how old the system is by what its package manager last wrote', async () => {
    const modified = { '/var/lib/dpkg/status': RECORDED_NOW_MS - 3.5 * DAY_MS, '/var/lib/pacman/local': RECORDED_NOW_MS - 90 * DAY_MS };
    const { os } = await probePosture(recordedMachine({ files: release, modified }), 'linux');
    expect(os).toEqual({ name: 'Debian GNU/Linux', version: '13', age_days: 3 });
  });

  it('believes no date in the future, and knows no age without a package manager', async () => {
    const modified = { '/var/lib/dpkg/status': RECORDED_NOW_MS + 2 * DAY_MS };
    expect((await probePosture(recordedMachine({ files: release, modified }), 'linux')).os.age_days).toBeNull();
    expect((await probePosture(recordedMachine({ files: release }), 'linux')).os.age_days).toBeNull();
  });

  it('is unknown throughout on a machine that says nothing, and on a platform without probes', async () => {
    const unknown = { disk_encryption: 'unknown', firewall: 'unknown', screen_lock: 'unknown', secure_boot: 'unknown' };
    for (const platform of ['linux', 'darwin', 'win32', 'freebsd'] as const)
      expect(await probePosture(recordedMachine({}), platform)).toMatchObject({ ...unknown, os: { age_days: null }, networks: [] });
  });

  it('survives a probe that throws', async () => {
    const broken = {
      ...recordedMachine({}),
      read: () => Promise.reject(new Error('a bug')),
      run: () => Promise.reject(new Error('a bug')),
    };
    expect(await probePosture(broken, 'linux')).toMatchObject({ disk_encryption: 'unknown', firewall: 'unknown' });
  });

  it('names the networks, not the place in them, and so many at most', () => {
    expect(networksOf(['192.0.2.77/24', '192.0.2.78/24', '10.20.30.40/8', 'fe80::1/64', '198.51.100.7/33', 'x'])).toEqual([
      '10.0.0.0/8',
      '192.0.2.0/24',
    ]);
    expect(networksOf(Array.from({ length: 17 }, (_, i) => `10.${String(i)}.0.1/24`))).toHaveLength(16);
  });
});
