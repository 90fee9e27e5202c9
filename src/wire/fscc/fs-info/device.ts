import type { Layout, Wire } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';
import type { FsFacts } from '../fs-facts.js';

/** [MS-FSCC] 2.5.10 FileFsDeviceInformation: DeviceType. */
export const DeviceType = { CdRom: 0x02, Disk: 0x07, NamedPipe: 0x11, Printer: 0x18, NetworkFileSystem: 0x14 } as const;

/** [MS-FSCC] 2.5.10 FileFsDeviceInformation: Characteristics. */
export const DeviceCharacteristics = {
  RemovableMedia: 0x00000001,
  ReadOnlyDevice: 0x00000002,
  FloppyDiskette: 0x00000004,
  WriteOnceMedia: 0x00000008,
  RemoteDevice: 0x00000010,
  DeviceIsMounted: 0x00000020,
  VirtualVolume: 0x00000040,
  DeviceSecureOpen: 0x00000100,
  CharacteristicTsDevice: 0x00001000,
  CharacteristicWebdavDevice: 0x00002000,
  DeviceAllowAppcontainerTraversal: 0x00020000,
  PortableDevice: 0x00040000,
} as const;

const typeNames: NameTable = namesOf(DeviceType, 'FILE_DEVICE_');
const characteristicNames: NameTable = namesOf(DeviceCharacteristics, 'FILE_');

/** [MS-FSCC] 2.5.10 FileFsDeviceInformation. */
export class FileFsDeviceInformation implements Wire {
  deviceType: number = DeviceType.Disk;
  characteristics = 0;

  static of(facts: FsFacts): FileFsDeviceInformation {
    const info = new FileFsDeviceInformation();
    info.deviceType = facts.deviceType;
    info.characteristics = facts.characteristics;
    return info;
  }

  layout(io: Layout): void {
    this.deviceType = io.u32('DeviceType', this.deviceType, typeNames);
    this.characteristics = io.flags32('Characteristics', this.characteristics, characteristicNames);
  }
}
